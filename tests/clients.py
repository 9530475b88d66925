"""How many mail programs, in many languages, announce the mail they quote. Written from their formats; nobody's mail."""

from __future__ import annotations

ANNOUNCEMENTS: dict[str, str] = {
    "Gmail web": ("On Tue, Nov 17, 2026 at 9:14 AM Postroom Care <care@us.example> wrote:"),
    "Gmail nbsp": ("On Tue, Nov 17, 2026 at 9:14\u202fAM Postroom Care <care@us.example> wrote:"),
    "Gmail wrapped at addr": (
        "On Tue, Nov 17, 2026 at 9:14 AM Postroom Customer Care Department <\ncare@us.example> wrote:"
    ),
    "Gmail android": "On Tue, 17 Nov 2026, 09:14 Postroom Care, <care@us.example> wrote:",
    "Gmail old dot": 'On Nov 17, 2026 9:14 AM, "Postroom Care" <care@us.example> wrote:',
    "Apple Mail US": "On Nov 17, 2026, at 9:14 AM, Postroom Care <care@us.example> wrote:",
    "Apple Mail GB": "On 17 Nov 2026, at 09:14, Postroom Care <care@us.example> wrote:",
    "Apple no addr": "On Nov 17, 2026, at 9:14 AM, Postroom Care wrote:",
    "Thunderbird US": "On 11/17/26 9:14 AM, Postroom Care wrote:",
    "Thunderbird new": "On 11/17/2026 9:14 AM, Postroom Care wrote:",
    "Thunderbird GB": "On 17/11/2026 09:14, Postroom Care wrote:",
    "Thunderbird iso": "On 2026-11-17 09:14, Postroom Care wrote:",
    "Yahoo": ("On Tuesday, November 17, 2026 at 09:14:22 AM GMT+1, Postroom Care <care@us.example> wrote:"),
    "Yahoo wrapped": (
        "    On Tuesday, November 17, 2026 at 09:14:22 AM GMT+1, Postroom Care\n<care@us.example> wrote:  "
    ),
    "Yahoo mobile": ("On Tue, Nov 17, 2026 at 9:14 AM, Postroom Care<care@us.example> wrote:"),
    "Outlook mobile": ('On Tue, Nov 17, 2026 at 9:14 AM +0100, "Postroom Care" <care@us.example> wrote:'),
    "Proton": ("On Tuesday, November 17th, 2026 at 9:14 AM, Postroom Care <care@us.example> wrote:"),
    "Proton2": ("On Tuesday, 17 November 2026 at 09:14, care@us.example <care@us.example> wrote:"),
    "Proton old": (
        "\u2010\u2010\u2010\u2010\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\u2010\u2010\u2010\u2010\n"
        "On Tuesday, November 17th, 2026 at 9:14 AM, Postroom Care <care@us.example> wrote:"
    ),
    "Proton old 2": (
        "------- Original Message -------\n"
        "On Tuesday, November 17th, 2026 at 9:14 AM, Postroom Care <care@us.example> wrote:"
    ),
    "Spark": "On 17 Nov 2026, 09:14 +0100, Postroom Care <care@us.example>, wrote:",
    "K-9": ("On 17 November 2026 09:14:22 CET, Postroom Care <care@us.example> wrote:"),
    "K-9 full": ("On November 17, 2026 9:14:22 AM GMT+01:00, Postroom Care <care@us.example> wrote:"),
    "Roundcube": "On 2026-11-17 09:14, Postroom Care wrote:",
    "Roundcube full": "On 17.11.2026 09:14, Postroom Care wrote:",
    "Evolution": "On Tue, 2026-11-17 at 09:14 +0100, Postroom Care wrote:",
    "KMail": "On Tuesday, 17 November 2026 09:14:22 CET Postroom Care wrote:",
    "mutt": "On Tue, Nov 17, 2026 at 09:14:22AM +0100, Postroom Care wrote:",
    "Claws": ("On Tue, 17 Nov 2026 09:14:22 +0100\nPostroom Care <care@us.example> wrote:"),
    "Gnus": "Postroom Care <care@us.example> writes:",
    "Horde": "Quoting Postroom Care <care@us.example>:",
    "Horde2": "Zitat von Postroom Care <care@us.example>:",
    "Eudora": "At 09:14 AM 11/17/2026, Postroom Care wrote:",
    "Fastmail": "On Tue, Nov 17, 2026, at 9:14 AM, Postroom Care wrote:",
    "Fastmail GB": "On Tue, 17 Nov 2026, at 09:14, Postroom Care wrote:",
    "HEY": "On November 17, 2026, Postroom Care <care@us.example> wrote:",
    "Superhuman": ("On Tue, Nov 17 2026 at 9:14 AM, Postroom Care < care@us.example > wrote:"),
    "Missive": "On November 17, 2026 at 9:14 AM Postroom Care wrote:",
    "Front": "On November 17, 2026 at 9:14 AM GMT+1 care@us.example wrote:",
    "OX": "On 11/17/2026 9:14 AM CET Postroom Care <care@us.example> wrote:",
    "OX b": ("Postroom Care <care@us.example> hat am 17.11.2026 09:14 CET geschrieben:"),
    "Tutanota": "17. Nov 2026, 09:14 by care@us.example:",
    "Tutanota2": "Nov 17, 2026, 09:14 by care@us.example:",
    "Tutanota de": "17. Nov. 2026, 09:14 von care@us.example:",
    "Zoho": ("---- On Tue, 17 Nov 2026 09:14:22 +0100 Postroom Care <care@us.example> wrote ----"),
    "Zoho2": "---- On Tue, 17 Nov 2026 09:14:22 +0100 care@us.example wrote ----",
    "Zoho3": (" ---- On Tue, 17 Nov 2026 09:14:22 +0100  Postroom Care <care@us.example> wrote ---"),
    "Mail.com": (
        "Sent: Tuesday, November 17, 2026 at 9:14 AM\n"
        'From: "Postroom Care" <care@us.example>\n'
        "To: kim@them.example\n"
        "Subject: Re: your order"
    ),
    "GMX de": (
        "Gesendet: Dienstag, 17. November 2026 um 09:14 Uhr\n"
        'Von: "Postroom Care" <care@us.example>\n'
        "An: kim@them.example\n"
        "Betreff: Ihre Bestellung"
    ),
    "GMX app": "Am 17.11.26, 09:14 schrieb Postroom Care <care@us.example>:",
    "GMX app2": (
        "--\n"
        "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.\n"
        "Am 17.11.26, 09:14 schrieb Postroom Care <care@us.example>:"
    ),
    "web.de": (
        "Gesendet: Dienstag, 17. November 2026 09:14\n"
        "Von: care@us.example\n"
        "An: kim@them.example\n"
        "Betreff: Ihre Bestellung"
    ),
    "Yandex": '17.11.2026, 09:14, "Postroom Care" <care@us.example>:',
    "Yandex ru": '17 ноября 2026, 09:14, "Postroom Care" <care@us.example>:',
    "Mail.ru": ("Вторник, 17 ноября 2026, 9:14 +03:00 от Postroom Care <care@us.example>:"),
    "Mail.ru en": ("Tuesday, November 17, 2026 9:14 AM +03:00 from Postroom Care <care@us.example>:"),
    "QQ": (
        "------------------ 原始邮件 ------------------\n"
        '发件人: "Postroom Care" <care@us.example>;\n'
        "发送时间: 2026年11月17日(星期二) 上午9:14\n"
        '收件人: "kim"<kim@them.example>;\n'
        "主题: Re: your order"
    ),
    "QQ en": (
        "------------------ Original ------------------\n"
        'From: "Postroom Care" <care@us.example>;\n'
        "Date: Tue, Nov 17, 2026 09:14 AM\n"
        'To: "kim"<kim@them.example>;\n'
        "Subject: Re: your order"
    ),
    "QQ en2": "------------------&nbsp;Original&nbsp;------------------\nFrom: care",
    "163": 'At 2026-11-17 09:14:22, "Postroom Care" <care@us.example> wrote:',
    "163 zh": '在 2026-11-17 09:14:22，"Postroom Care" <care@us.example> 写道：',
    "163 app": (
        "---- 回复的原邮件 ----\n"
        "| 发件人 | Postroom Care<care@us.example> |\n"
        "| 日期 | 2026年11月17日 09:14 |\n"
        "| 收件人 | kim@them.example |\n"
        "| 主题 | Re: your order |"
    ),
    "163 app en": (
        "---- Replied Message ----\n"
        "| From | Postroom Care<care@us.example> |\n"
        "| Date | 11/17/2026 09:14 |\n"
        "| To | kim@them.example |\n"
        "| Subject | Re: your order |"
    ),
    "Foxmail": (
        "发件人： Postroom Care\n发送时间： 2026-11-17 09:14\n收件人： kim@them.example\n主题： Re: your order"
    ),
    "Foxmail en": ("From: Postroom Care\nDate: 2026-11-17 09:14\nTo: kim\nSubject: Re: your order"),
    "Aliyun": (
        "------------------------------------------------------------------\n"
        "发件人：Postroom Care <care@us.example>\n"
        "发送时间：2026年11月17日(星期二) 09:14\n"
        "收件人：kim <kim@them.example>\n"
        "主　题：Re: your order"
    ),
    "Naver": (
        "-----Original Message-----\n"
        'From: "Postroom Care"<care@us.example>\n'
        "To: <kim@them.example>;\n"
        "Cc:\n"
        "Sent: 2026-11-17 (화) 09:14:22 (GMT+09:00)\n"
        "Subject: Re: your order"
    ),
    "Daum": (
        "--------- 원본 메일 ---------\n"
        "보낸사람: Postroom Care <care@us.example>\n"
        "받는사람 : kim <kim@them.example>\n"
        "날짜: 2026년 11월 17일 화요일, 09시 14분 22초 +0900\n"
        "제목: Re: your order"
    ),
    "Samsung": (
        "-------- Original message --------\n"
        "From: Postroom Care <care@us.example>\n"
        "Date: 17/11/2026 09:14 (GMT+01:00)\n"
        "To: kim@them.example\n"
        "Subject: Re: your order"
    ),
    "Samsung de": (
        "-------- Ursprüngliche Nachricht --------\n"
        "Von: Postroom Care <care@us.example>\n"
        "Datum: 17.11.26 09:14 (GMT+01:00)\n"
        "An: kim@them.example\n"
        "Betreff: Re: Ihre Bestellung"
    ),
    "Samsung fr": (
        "-------- Message d'origine --------\n"
        "De : Postroom Care <care@us.example>\n"
        "Date : 17/11/2026 09:14 (GMT+01:00)\n"
        "À : kim@them.example\n"
        "Objet : Re: commande"
    ),
    "Samsung es": (
        "-------- Mensaje original --------\n"
        "De: Postroom Care <care@us.example>\n"
        "Fecha: 17/11/26 9:14 (GMT+01:00)\n"
        "A: kim@them.example\n"
        "Asunto: Re: pedido"
    ),
    "Samsung it": (
        "-------- Messaggio originale --------\n"
        "Da: Postroom Care <care@us.example>\n"
        "Data: 17/11/26 09:14 (GMT+01:00)\n"
        "A: kim@them.example\n"
        "Oggetto: Re: ordine"
    ),
    "Samsung nl": (
        "-------- Oorspronkelijk bericht --------\n"
        "Van: Postroom Care <care@us.example>\n"
        "Datum: 17-11-2026 09:14 (GMT+01:00)\n"
        "Aan: kim@them.example\n"
        "Onderwerp: Re: bestelling"
    ),
    "Samsung pl": (
        "-------- Oryginalna wiadomość --------\n"
        "Od: Postroom Care <care@us.example>\n"
        "Data: 17.11.2026 09:14 (GMT+01:00)\n"
        "Do: kim@them.example\n"
        "Temat: Re: zamówienie"
    ),
    "Samsung pt": (
        "-------- Mensagem original --------\n"
        "De: Postroom Care <care@us.example>\n"
        "Data: 17/11/26 9:14 (GMT-03:00)\n"
        "Para: kim@them.example\n"
        "Assunto: Re: pedido"
    ),
    "Samsung cs": (
        "-------- Původní zpráva --------\n"
        "Od: Postroom Care <care@us.example>\n"
        "Datum: 17.11.26 9:14 (GMT+01:00)\n"
        "Komu: kim@them.example\n"
        "Předmět: Re: objednávka"
    ),
    "Samsung ru": (
        "-------- Исходное сообщение --------\n"
        "От: Postroom Care <care@us.example>\n"
        "Дата: 17.11.2026 9:14 (GMT+03:00)\n"
        "Кому: kim@them.example\n"
        "Тема: Re: заказ"
    ),
    "Samsung tr": (
        "-------- Orijinal mesaj --------\n"
        "Kimden: Postroom Care <care@us.example>\n"
        "Tarih: 17.11.2026 09:14 (GMT+03:00)\n"
        "Alıcı: kim@them.example\n"
        "Konu: Re: sipariş"
    ),
    "Samsung sv": (
        "-------- Originalmeddelande --------\n"
        "Från: Postroom Care <care@us.example>\n"
        "Datum: 2026-11-17 09:14 (GMT+01:00)\n"
        "Till: kim@them.example\n"
        "Ämne: Re: order"
    ),
    "Samsung da": (
        "-------- Oprindelig meddelelse --------\n"
        "Fra: Postroom Care <care@us.example>\n"
        "Dato: 17.11.2026 09.14 (GMT+01:00)\n"
        "Til: kim@them.example\n"
        "Emne: Re: ordre"
    ),
    "Samsung no": (
        "-------- Opprinnelig melding --------\n"
        "Fra: Postroom Care <care@us.example>\n"
        "Dato: 17.11.2026 09:14 (GMT+01:00)\n"
        "Til: kim@them.example\n"
        "Emne: Re: ordre"
    ),
    "Samsung fi": (
        "-------- Alkuperäinen viesti --------\n"
        "Lähettäjä: Postroom Care <care@us.example>\n"
        "Päivämäärä: 17.11.2026 9.14 (GMT+02:00)\n"
        "Saaja: kim@them.example\n"
        "Aihe: Re: tilaus"
    ),
    "Samsung hu": (
        "-------- Eredeti üzenet --------\n"
        "Feladó: Postroom Care <care@us.example>\n"
        "Dátum: 2026. 11. 17. 9:14 (GMT+01:00)\n"
        "Címzett: kim@them.example\n"
        "Tárgy: Re: rendelés"
    ),
    "Outlook en": (
        "From: Postroom Care <care@us.example>\n"
        "Sent: Tuesday, November 17, 2026 9:14 AM\n"
        "To: Kim <kim@them.example>\n"
        "Cc: Lee <lee@them.example>\n"
        "Subject: RE: your order"
    ),
    "Outlook rule": (
        "________________________________\n"
        "From: Postroom Care <care@us.example>\n"
        "Sent: Tuesday, November 17, 2026 9:14 AM\n"
        "To: Kim <kim@them.example>\n"
        "Subject: RE: your order"
    ),
    "Outlook mac": (
        "From: Postroom Care <care@us.example>\n"
        "Date: Tuesday, 17 November 2026 at 09:14\n"
        "To: Kim <kim@them.example>\n"
        "Subject: Re: your order"
    ),
    "Outlook de": (
        "Von: Postroom Care <care@us.example>\n"
        "Gesendet: Dienstag, 17. November 2026 09:14\n"
        "An: Kim <kim@them.example>\n"
        "Betreff: AW: Ihre Bestellung"
    ),
    "Outlook mac de": (
        "Von: Postroom Care <care@us.example>\n"
        "Datum: Dienstag, 17. November 2026 um 09:14\n"
        "An: Kim <kim@them.example>\n"
        "Betreff: Re: Ihre Bestellung"
    ),
    "Outlook fr": (
        "De : Postroom Care <care@us.example>\n"
        "Envoyé : mardi 17 novembre 2026 09:14\n"
        "À : Kim <kim@them.example>\n"
        "Objet : RE: commande"
    ),
    "Outlook es": (
        "De: Postroom Care <care@us.example>\n"
        "Enviado: martes, 17 de noviembre de 2026 9:14\n"
        "Para: Kim <kim@them.example>\n"
        "Asunto: RE: pedido"
    ),
    "Outlook it": (
        "Da: Postroom Care <care@us.example>\n"
        "Inviato: martedì 17 novembre 2026 09:14\n"
        "A: Kim <kim@them.example>\n"
        "Oggetto: R: ordine"
    ),
    "Outlook pt": (
        "De: Postroom Care <care@us.example>\n"
        "Enviada em: terça-feira, 17 de novembro de 2026 09:14\n"
        "Para: Kim <kim@them.example>\n"
        "Assunto: RES: pedido"
    ),
    "Outlook nl": (
        "Van: Postroom Care <care@us.example>\n"
        "Verzonden: dinsdag 17 november 2026 09:14\n"
        "Aan: Kim <kim@them.example>\n"
        "Onderwerp: RE: bestelling"
    ),
    "Outlook pl": (
        "Od: Postroom Care <care@us.example>\n"
        "Wysłane: wtorek, 17 listopada 2026 09:14\n"
        "Do: Kim <kim@them.example>\n"
        "Temat: RE: zamówienie"
    ),
    "Outlook cs": (
        "Od: Postroom Care <care@us.example>\n"
        "Odesláno: úterý 17. listopadu 2026 9:14\n"
        "Komu: Kim <kim@them.example>\n"
        "Předmět: RE: objednávka"
    ),
    "Outlook sk": (
        "Od: Postroom Care <care@us.example>\n"
        "Odoslané: utorok 17. novembra 2026 9:14\n"
        "Komu: Kim <kim@them.example>\n"
        "Predmet: RE: objednávka"
    ),
    "Outlook sv": (
        "Från: Postroom Care <care@us.example>\n"
        "Skickat: den 17 november 2026 09:14\n"
        "Till: Kim <kim@them.example>\n"
        "Ämne: SV: order"
    ),
    "Outlook da": (
        "Fra: Postroom Care <care@us.example>\n"
        "Sendt: 17. november 2026 09:14\n"
        "Til: Kim <kim@them.example>\n"
        "Emne: SV: ordre"
    ),
    "Outlook fi": (
        "Lähettäjä: Postroom Care <care@us.example>\n"
        "Lähetetty: tiistai 17. marraskuuta 2026 9.14\n"
        "Vastaanottaja: Kim <kim@them.example>\n"
        "Aihe: VS: tilaus"
    ),
    "Outlook tr": (
        "Kimden: Postroom Care <care@us.example>\n"
        "Gönderildi: 17 Kasım 2026 Salı 09:14\n"
        "Kime: Kim <kim@them.example>\n"
        "Konu: YNT: sipariş"
    ),
    "Outlook tr2": (
        "Gönderen: Postroom Care <care@us.example>\n"
        "Gönderme Tarihi: 17 Kasım 2026 Salı 09:14\n"
        "Kime: Kim <kim@them.example>\n"
        "Konu: YNT: sipariş"
    ),
    "Outlook hu": (
        "Feladó: Postroom Care <care@us.example>\n"
        "Elküldve: 2026. november 17., kedd 9:14\n"
        "Címzett: Kim <kim@them.example>\n"
        "Tárgy: RE: rendelés"
    ),
    "Outlook ro": (
        "De la: Postroom Care <care@us.example>\n"
        "Trimis: marți, 17 noiembrie 2026 09:14\n"
        "Către: Kim <kim@them.example>\n"
        "Subiect: RE: comandă"
    ),
    "Outlook el": (
        "Από: Postroom Care <care@us.example>\n"
        "Στάλθηκε: Τρίτη, 17 Νοεμβρίου 2026 9:14 πμ\n"
        "Προς: Kim <kim@them.example>\n"
        "Θέμα: ΑΠ: παραγγελία"
    ),
    "Outlook ru": (
        "От: Postroom Care <care@us.example>\n"
        "Отправлено: 17 ноября 2026 г. 9:14\n"
        "Кому: Kim <kim@them.example>\n"
        "Тема: RE: заказ"
    ),
    "Outlook uk": (
        "Від: Postroom Care <care@us.example>\n"
        "Надіслано: 17 листопада 2026 р. 9:14\n"
        "Кому: Kim <kim@them.example>\n"
        "Тема: RE: замовлення"
    ),
    "Outlook bg": (
        "От: Postroom Care <care@us.example>\n"
        "Изпратено: вторник, 17 ноември 2026 г. 09:14\n"
        "До: Kim <kim@them.example>\n"
        "Относно: RE: поръчка"
    ),
    "Outlook hr": (
        "Od: Postroom Care <care@us.example>\n"
        "Poslano: utorak, 17. studenoga 2026. 09:14\n"
        "Prima: Kim <kim@them.example>\n"
        "Predmet: RE: narudžba"
    ),
    "Outlook sl": (
        "Od: Postroom Care <care@us.example>\n"
        "Poslano: torek, 17. november 2026 09:14\n"
        "Za: Kim <kim@them.example>\n"
        "Zadeva: RE: naročilo"
    ),
    "Outlook ja": (
        "差出人: Postroom Care <care@us.example>\n"
        "送信日時: 2026年11月17日 9:14\n"
        "宛先: Kim <kim@them.example>\n"
        "件名: RE: 注文"
    ),
    "Outlook zh": (
        "发件人: Postroom Care <care@us.example>\n"
        "发送时间: 2026年11月17日 9:14\n"
        "收件人: Kim <kim@them.example>\n"
        "主题: RE: 订单"
    ),
    "Outlook zh new": (
        "发件人: Postroom Care <care@us.example>\n"
        "日期: 星期二, 2026年11月17日 09:14\n"
        "收件人: Kim <kim@them.example>\n"
        "主题: Re: 订单"
    ),
    "Outlook tw": (
        "寄件者: Postroom Care <care@us.example>\n"
        "寄件日期: 2026年11月17日 上午 09:14\n"
        "收件者: Kim <kim@them.example>\n"
        "主旨: RE: 訂單"
    ),
    "Outlook ko": (
        "보낸 사람: Postroom Care <care@us.example>\n"
        "보낸 날짜: 2026년 11월 17일 화요일 오전 9:14\n"
        "받는 사람: Kim <kim@them.example>\n"
        "제목: RE: 주문"
    ),
    "Outlook ar": (
        "من: Postroom Care <care@us.example>\n"
        "تم الإرسال: 17/نوفمبر/2026 09:14 ص\n"
        "إلى: Kim <kim@them.example>\n"
        "الموضوع: رد: طلب"
    ),
    "Outlook he": (
        "מאת: Postroom Care <care@us.example>\n"
        "נשלח: יום שלישי 17 נובמבר 2026 09:14\n"
        "אל: Kim <kim@them.example>\n"
        "נושא: RE: הזמנה"
    ),
    "Outlook vi": (
        "Từ: Postroom Care <care@us.example>\n"
        "Đã gửi: Thứ Ba, 17 Tháng Mười Một 2026 9:14 SA\n"
        "Đến: Kim <kim@them.example>\n"
        "Chủ đề: RE: đơn hàng"
    ),
    "Outlook id": (
        "Dari: Postroom Care <care@us.example>\n"
        "Dikirim: Selasa, 17 November 2026 09:14\n"
        "Kepada: Kim <kim@them.example>\n"
        "Subjek: RE: pesanan"
    ),
    "Outlook th": (
        "จาก: Postroom Care <care@us.example>\nส่ง: 17 พฤศจิกายน 2569 9:14\nถึง: Kim <kim@them.example>\nเรื่อง: RE: คำสั่งซื้อ"
    ),
    "Outlook ca": (
        "De: Postroom Care <care@us.example>\n"
        "Enviat el: dimarts, 17 de novembre de 2026 9:14\n"
        "Per a: Kim <kim@them.example>\n"
        "Tema: RE: comanda"
    ),
    "OE": (
        "----- Original Message ----- \n"
        'From: "Postroom Care" <care@us.example>\n'
        "To: <kim@them.example>\n"
        "Sent: Tuesday, November 17, 2026 9:14 AM\n"
        "Subject: Re: your order"
    ),
    "OE en2": (
        "----- Original Message ----\nFrom: Postroom Care <care@us.example>\nTo: kim@them.example\nSent: Tuesday"
    ),
    "AOL": (
        "-----Original Message-----\n"
        "From: Postroom Care <care@us.example>\n"
        "To: kim <kim@them.example>\n"
        "Sent: Tue, Nov 17, 2026 9:14 am\n"
        "Subject: Re: your order"
    ),
    "Zimbra": (
        "----- Original Message -----\n"
        'From: "Postroom Care" <care@us.example>\n'
        'To: "Kim" <kim@them.example>\n'
        "Sent: Tuesday, November 17, 2026 9:14:22 AM\n"
        "Subject: Re: your order"
    ),
    "Zimbra2": (
        'From: "Postroom Care" <care@us.example>\n'
        'To: "Kim" <kim@them.example>\n'
        "Sent: Tuesday, November 17, 2026 9:14:22 AM\n"
        "Subject: Re: your order"
    ),
    "Zimbra de": (
        'Von: "Postroom Care" <care@us.example>\n'
        'An: "Kim" <kim@them.example>\n'
        "Gesendet: Dienstag, 17. November 2026 09:14:22\n"
        "Betreff: Re: Bestellung"
    ),
    "Zimbra it": (
        'Da: "Postroom Care" <care@us.example>\n'
        'A: "Kim" <kim@them.example>\n'
        "Inviato: Martedì, 17 novembre 2026 9:14:22\n"
        "Oggetto: Re: ordine"
    ),
    "Zimbra fr": (
        'De: "Postroom Care" <care@us.example>\n'
        'À: "Kim" <kim@them.example>\n'
        "Envoyé: Mardi 17 Novembre 2026 09:14:22\n"
        "Objet: Re: commande"
    ),
    "Notes": (
        "From:\tPostroom Care <care@us.example>\n"
        "To:\tKim/Them@Them\n"
        "Date:\t11/17/2026 09:14 AM\n"
        "Subject:\tRe: your order"
    ),
    "Notes dashes": "-----Postroom Care <care@us.example> wrote: -----",
    "Notes dashes 2": (
        "-----care@us.example wrote: -----\n"
        "To: kim@them.example\n"
        "From: care@us.example\n"
        "Date: 11/17/2026 09:14AM\n"
        "Subject: Re: your order"
    ),
    "Notes internal": "Postroom Care ---11/17/2026 09:14:22 AM---Would you like it?",
    "Notes von": (
        "Von:        Postroom Care <care@us.example>\n"
        "An:        Kim/Them@Them\n"
        "Datum:        17.11.2026 09:14\n"
        "Betreff:        Re: Bestellung"
    ),
    "GroupWise": ">>> Postroom Care <care@us.example> 11/17/2026 9:14 AM >>>",
    "GroupWise2": ">>> Postroom Care <care@us.example> 17.11.2026 09:14 >>>",
    "GroupWise3": ('>>> "Postroom Care" <care@us.example> Tuesday, November 17, 2026 9:14 AM >>>'),
    "WLM": (
        "From: Postroom Care \nSent: Tuesday, November 17, 2026 9:14 AM\nTo: kim@them.example \nSubject: Re: your order"
    ),
    "Hotmail 2010": (
        "Date: Tue, 17 Nov 2026 09:14:22 +0100\nFrom: care@us.example\nTo: kim@them.example\nSubject: Re: your order"
    ),
    "Hotmail subject first": (
        "Subject: Re: your order\nFrom: care@us.example\nDate: Tue, 17 Nov 2026 09:14:22 +0100\nTo: kim@them.example"
    ),
    "BlackBerry": (
        "-----Original Message-----\n"
        "From: Postroom Care <care@us.example>\n"
        "Date: Tue, 17 Nov 2026 09:14:22 \n"
        "To: <kim@them.example>\n"
        "Reply-To: care@us.example\n"
        "Subject: Re: your order"
    ),
    "Windows Mail": ("From: Postroom Care\nSent: 17 November 2026 09:14\nTo: Kim\nSubject: Re: your order"),
    "Thunderbird fwd": (
        "-------- Forwarded Message --------\n"
        "Subject: \tRe: your order\n"
        "Date: \tTue, 17 Nov 2026 09:14:22 +0100\n"
        "From: \tPostroom Care <care@us.example>\n"
        "To: \tkim@them.example"
    ),
    "Thunderbird fwd de": (
        "-------- Weitergeleitete Nachricht --------\n"
        "Betreff: Re: Bestellung\n"
        "Datum: Tue, 17 Nov 2026 09:14:22 +0100\n"
        "Von: Postroom Care\n"
        "An: kim@them.example"
    ),
    "Thunderbird fwd fr": (
        "-------- Message transféré --------\n"
        "Sujet : Re: commande\n"
        "Date : Tue, 17 Nov 2026 09:14:22 +0100\n"
        "De : Postroom Care\n"
        "Pour : kim@them.example"
    ),
    "Thunderbird fwd pl": "-------- Treść przekazanej wiadomości --------\nTemat: x",
    "Thunderbird fwd cs": "-------- Přeposlaná zpráva --------\nPředmět: x",
    "Thunderbird fwd ru": "-------- Перенаправленное сообщение --------\nТема: x",
    "Thunderbird fwd ja": "-------- Forwarded Message --------\n件名: x",
    "Thunderbird fwd sv": "-------- Vidarebefordrat meddelande --------\nÄmne: x",
    "Thunderbird fwd nl": "-------- Doorgestuurd bericht --------\nOnderwerp: x",
    "Gmail fwd": (
        "---------- Forwarded message ---------\n"
        "From: Postroom Care <care@us.example>\n"
        "Date: Tue, Nov 17, 2026 at 9:14 AM\n"
        "Subject: Re: your order\n"
        "To: kim@them.example"
    ),
    "Gmail fwd de": (
        "---------- Forwarded message ---------\nVon: Postroom Care <care@us.example>\nDate: Di., 17. Nov. 2026"
    ),
    "Gmail fwd it": ("---------- Forwarded message ---------\nDa: Postroom Care\nDate: mar 17 nov 2026"),
    "Gmail fwd ru": "---------- Пересланное сообщение ---------\nОт: Postroom",
    "Gmail fwd pt": "---------- Mensagem encaminhada ----------\nDe: Postroom",
    "Gmail fwd es": "---------- Forwarded message ---------\nDe: Postroom",
    "Gmail fwd zh": "---------- 转发的邮件 ---------\n发件人： Postroom",
    "Gmail fwd ja": "---------- 転送メッセージ ----------\n差出人: Postroom",
    "Apple fwd": (
        "Begin forwarded message:\n"
        "\n"
        "From: Postroom Care <care@us.example>\n"
        "Date: November 17, 2026 at 9:14:22 AM GMT+1\n"
        "To: kim@them.example\n"
        "Subject: Re: your order"
    ),
    "Apple fwd de": ("Anfang der weitergeleiteten Nachricht:\n\nVon: Postroom Care <care@us.example>\nBetreff: Re"),
    "Apple fwd fr": "Début du message réexpédié :\n\nDe: Postroom Care",
    "Apple fwd es": "Inicio del mensaje reenviado:\n\nDe: Postroom Care",
    "Apple fwd it": "Inizio messaggio inoltrato:\n\nDa: Postroom Care",
    "Apple fwd nl": "Begin doorgestuurd bericht:\n\nVan: Postroom Care",
    "Apple fwd pt": "Início da mensagem reencaminhada:\n\nDe: Postroom Care",
    "Apple fwd sv": "Vidarebefordrat brev:\n\nFrån: Postroom Care",
    "Apple fwd da": "Start på videresendt besked:\n\nFra: Postroom Care",
    "Apple fwd pl": "Początek przekazywanej wiadomości:\n\nOd: Postroom Care",
    "Apple fwd ru": "Начало переадресованного сообщения:\n\nОт: Postroom Care",
    "Apple fwd ja": "転送されたメッセージ:\n\n差出人: Postroom Care",
    "Apple fwd zh": "以下是转发的邮件：\n\n发件人: Postroom Care",
    "de Gmail": ("Am Di., 17. Nov. 2026 um 09:14 Uhr schrieb Postroom Care <care@us.example>:"),
    "de Gmail wrap": ("Am Di., 17. Nov. 2026 um 09:14 Uhr schrieb Postroom Care <\ncare@us.example>:"),
    "de Gmail android": "Postroom Care <care@us.example> schrieb am Di., 17. Nov. 2026, 09:14:",
    "de Apple": "Am 17.11.2026 um 09:14 schrieb Postroom Care <care@us.example>:",
    "de iOS": ("Am 17. November 2026 09:14:22 MEZ schrieb Postroom Care <care@us.example>:"),
    "de TB": "Am 17.11.26 um 09:14 schrieb Postroom Care:",
    "de Yahoo": (
        "    Postroom Care <care@us.example> hat am Dienstag, 17. November 2026 um 09:14:22 MEZ Folgendes geschrieben:"
    ),
    "de Yahoo2": (
        "Am Dienstag, 17. November 2026 um 09:14:22 MEZ hat Postroom Care <care@us.example> Folgendes geschrieben:"
    ),
    "de Spark": ("Am 17. Nov. 2026, 09:14 +0100 schrieb Postroom Care <care@us.example>:"),
    "de Outlook mobile": ('Am Di., 17. Nov. 2026 um 09:14 schrieb "Postroom Care" <care@us.example>:'),
    "de Evolution": "Am Dienstag, dem 17.11.2026 um 09:14 +0100 schrieb Postroom Care:",
    "de KMail": "Am Dienstag, 17. November 2026, 09:14:22 CET schrieb Postroom Care:",
    "de proton": ("Postroom Care <care@us.example> schrieb am Dienstag, 17. November 2026 um 09:14:"),
    "de RC": "Am 2026-11-17 09:14, schrieb Postroom Care:",
    "fr Gmail": ("Le mar. 17 nov. 2026 à 09:14, Postroom Care <care@us.example> a écrit :"),
    "fr Gmail wrap": ("Le mar. 17 nov. 2026 à 09:14, Postroom Care <care@us.example> a\nécrit :"),
    "fr Apple": "Le 17 nov. 2026 à 09:14, Postroom Care <care@us.example> a écrit :",
    "fr TB": "Le 17/11/2026 à 09:14, Postroom Care a écrit :",
    "fr TB2": "Le 17/11/2026 09:14, Postroom Care a écrit :",
    "fr TB nbsp": "Le 17/11/2026 à 09:14, Postroom Care a écrit\u00a0:",
    "fr Yahoo": ("Le mardi 17 novembre 2026 à 09:14:22 UTC+1, Postroom Care <care@us.example> a écrit :"),
    "fr Laposte": (
        'De : "Postroom Care" <care@us.example>\n'
        "A : kim@them.example\n"
        "Envoyé: mardi 17 Novembre 2026 09:14\n"
        "Objet : Re: commande"
    ),
    "fr Free": (
        "----- Mail original -----\n"
        'De: "Postroom Care" <care@us.example>\n'
        "À: kim@them.example\n"
        "Envoyé: Mardi 17 Novembre 2026 09:14:22\n"
        "Objet: Re: commande"
    ),
    "fr spark": ("Le 17 nov. 2026 à 09:14 +0100, Postroom Care <care@us.example>, a écrit :"),
    "es Gmail": ("El mar, 17 nov 2026 a las 9:14, Postroom Care (<care@us.example>) escribió:"),
    "es Gmail wrap": ("El mar, 17 nov 2026 a las 9:14, Postroom Care (<care@us.example>)\nescribió:"),
    "es Gmail and": ("El mar., 17 de nov. de 2026 9:14 a. m., Postroom Care <care@us.example> escribió:"),
    "es Apple": "El 17 nov 2026, a las 9:14, Postroom Care <care@us.example> escribió:",
    "es TB": "El 17/11/2026 a las 9:14, Postroom Care escribió:",
    "es Yahoo": ("En martes, 17 de noviembre de 2026, 09:14:22 CET, Postroom Care <care@us.example> escribió:"),
    "es Yahoo2": ("El martes, 17 de noviembre de 2026 09:14:22 CET, Postroom Care <care@us.example> escribió:"),
    "ca Gmail": ("Missatge de Postroom Care <care@us.example> del dia dt., 17 de nov. 2026 a les 9:14:"),
    "it Gmail": ("Il giorno mar 17 nov 2026 alle ore 09:14 Postroom Care <care@us.example> ha scritto:"),
    "it Gmail wrap": ("Il giorno mar 17 nov 2026 alle ore 09:14 Postroom Care <care@us.example>\nha scritto:"),
    "it Gmail and": "Il mar 17 nov 2026, 09:14 Postroom Care <care@us.example> ha scritto:",
    "it Apple": ("Il giorno 17 nov 2026, alle ore 09:14, Postroom Care <care@us.example> ha scritto:"),
    "it TB": "Il 17/11/2026 09:14, Postroom Care ha scritto:",
    "it Yahoo": ("Il martedì 17 novembre 2026 alle ore 09:14:22 CET, Postroom Care <care@us.example> ha scritto:"),
    "it Libero": (
        "----Messaggio originale----\n"
        "Da: care@us.example\n"
        "Data: 17/11/2026 9.14\n"
        "A: <kim@them.example>\n"
        "Ogg: Re: ordine"
    ),
    "pt Gmail": ("Em ter., 17 de nov. de 2026 às 09:14, Postroom Care <care@us.example> escreveu:"),
    "pt Gmail wrap": ("Em ter., 17 de nov. de 2026 às 09:14, Postroom Care <care@us.example>\nescreveu:"),
    "pt Apple": ("Em 17 de nov. de 2026, à(s) 09:14, Postroom Care <care@us.example> escreveu:"),
    "pt PT Gmail": ("Postroom Care <care@us.example> escreveu (terça, 17/11/2026 à(s) 09:14):"),
    "pt PT apple": ("No dia 17/11/2026, às 09:14, Postroom Care <care@us.example> escreveu:"),
    "pt TB": "Em 17/11/2026 09:14, Postroom Care escreveu:",
    "pt PT TB": "Às 09:14 de 17/11/2026, Postroom Care escreveu:",
    "pt Yahoo": ("Em terça-feira, 17 de novembro de 2026 09:14:22 BRT, Postroom Care <care@us.example> escreveu:"),
    "nl Gmail": "Op di 17 nov 2026 om 09:14 schreef Postroom Care <care@us.example>:",
    "nl Gmail wrap": "Op di 17 nov 2026 om 09:14 schreef Postroom Care <care@us.example\n>:",
    "nl Apple": ("Op 17 nov 2026, om 09:14 heeft Postroom Care <care@us.example> het volgende geschreven:"),
    "nl iOS": ("Op 17 nov 2026 om 09:14 heeft Postroom Care <care@us.example> het volgende geschreven:"),
    "nl TB": "Op 17-11-2026 om 09:14 schreef Postroom Care:",
    "nl Yahoo": ("Op dinsdag 17 november 2026 09:14:22 CET schreef Postroom Care <care@us.example>:"),
    "pl Gmail": "wt., 17 lis 2026 o 09:14 Postroom Care <care@us.example> napisał(a):",
    "pl Gmail wrap": "wt., 17 lis 2026 o 09:14 Postroom Care <care@us.example>\nnapisał(a):",
    "pl Apple": ("Wiadomość napisana przez Postroom Care <care@us.example> w dniu 17.11.2026, o godz. 09:14:"),
    "pl TB": "W dniu 17.11.2026 o 09:14, Postroom Care pisze:",
    "pl TB2": "W dniu 2026-11-17 09:14, Postroom Care napisał(a):",
    "pl o2": ("Dnia 17 listopada 2026 09:14 Postroom Care <care@us.example> napisał(a):"),
    "pl yahoo": ("W dniu wtorek, 17 listopada 2026 09:14:22 CET użytkownik Postroom Care <care@us.example> napisał:"),
    "ru Gmail": "вт, 17 нояб. 2026 г. в 09:14, Postroom Care <care@us.example>:",
    "ru Gmail wrap": "вт, 17 нояб. 2026 г. в 09:14, Postroom Care\n<care@us.example>:",
    "ru Apple": "17 нояб. 2026 г., в 9:14, Postroom Care <care@us.example> написал(а):",
    "ru TB": "17.11.2026 09:14, Postroom Care пишет:",
    "ru old": ("17 ноября 2026 г., 9:14 пользователь Postroom Care <care@us.example> написал:"),
    "ru Yahoo": ("вторник, 17 ноября 2026 г., 09:14:22 GMT+3, Postroom Care <care@us.example> написал(а):"),
    "uk Gmail": "вт, 17 лист. 2026 р. о 09:14 Postroom Care <care@us.example> пише:",
    "uk TB": "17.11.26 09:14, Postroom Care пише:",
    "uk apple": ("17 лист. 2026 р. о 09:14 Postroom Care <care@us.example> написав(-ла):"),
    "cs Gmail": ("út 17. 11. 2026 v 9:14 odesílatel Postroom Care <care@us.example> napsal:"),
    "cs Gmail and": ("Dne út 17. 11. 2026 9:14 uživatel Postroom Care <care@us.example> napsal:"),
    "cs TB": "Dne 17. 11. 26 v 9:14 Postroom Care napsal(a):",
    "cs Apple": "17. 11. 2026 v 9:14, Postroom Care <care@us.example>:",
    "cs seznam": (
        "---------- Původní e-mail ----------\n"
        "Od: Postroom Care <care@us.example>\n"
        "Komu: kim@them.example\n"
        "Datum: 17. 11. 2026 9:14:22\n"
        "Předmět: Re: objednávka"
    ),
    "cs seznam2": ("---------- Původní zpráva ----------\nOd: Postroom Care <care@us.example>\nDatum: 17. 11. 2026"),
    "sk Gmail": "ut 17. 11. 2026 o 9:14 Postroom Care <care@us.example> napísal(a):",
    "sk TB": "Dňa 17. 11. 2026 o 9:14 Postroom Care napísal(a):",
    "sv Gmail": "Den tis 17 nov. 2026 kl 09:14 skrev Postroom Care <care@us.example>:",
    "sv Apple": "17 nov. 2026 kl. 09:14 skrev Postroom Care <care@us.example>:",
    "sv TB": "Den 2026-11-17 kl. 09:14, skrev Postroom Care:",
    "sv yahoo": ("Den tisdag 17 november 2026 09:14:22 CET, Postroom Care <care@us.example> skrev:"),
    "da Gmail": ("Den tirs. 17. nov. 2026 kl. 09.14 skrev Postroom Care <care@us.example>:"),
    "da Apple": "Den 17. nov. 2026 kl. 09.14 skrev Postroom Care <care@us.example>:",
    "da TB": "Den 17-11-2026 kl. 09:14 skrev Postroom Care:",
    "no Gmail": "tir. 17. nov. 2026 kl. 09:14 skrev Postroom Care <care@us.example>:",
    "no Apple": "17. nov. 2026 kl. 09:14 skrev Postroom Care <care@us.example>:",
    "fi Gmail": ("ti 17. marrask. 2026 klo 9.14 Postroom Care (care@us.example) kirjoitti:"),
    "fi Apple": "Postroom Care <care@us.example> kirjoitti 17.11.2026 kello 9.14:",
    "fi TB": "Postroom Care kirjoitti 17.11.2026 klo 9.14:",
    "fi TB2": "17.11.2026 9:14, Postroom Care kirjoitti:",
    "tr Gmail": ("Postroom Care <care@us.example>, 17 Kas 2026 Sal, 09:14 tarihinde şunu yazdı:"),
    "tr Apple": "Postroom Care <care@us.example> şunları yazdı (17 Kas 2026 09:14):",
    "tr Apple 2": ("17 Kas 2026 tarihinde 09:14 saatinde, Postroom Care <care@us.example> şunları yazdı:"),
    "tr TB": "17.11.2026 09:14 tarihinde Postroom Care yazdı:",
    "hu Gmail": ("Postroom Care <care@us.example> ezt írta (időpont: 2026. nov. 17., K, 9:14):"),
    "hu TB": "2026. 11. 17. 9:14 keltezéssel, Postroom Care írta:",
    "hu Apple": ("2026. nov. 17. dátummal, 9:14 időpontban Postroom Care <care@us.example> írta:"),
    "ro Gmail": ("În mar., 17 nov. 2026 la 09:14, Postroom Care <care@us.example> a scris:"),
    "ro TB": "Pe 17.11.2026 09:14, Postroom Care a scris:",
    "ro Apple": "Pe 17 nov. 2026, la 09:14, Postroom Care <care@us.example> a scris:",
    "el Gmail": ("Στις Τρί 17 Νοε 2026 στις 9:14 π.μ., ο/η Postroom Care <care@us.example> έγραψε:"),
    "el TB": "Στις 17/11/26 09:14, ο Postroom Care έγραψε:",
    "bg Gmail": "На вт, 17.11.2026 г. в 9:14 Postroom Care <care@us.example> написа:",
    "hr Gmail": ("uto, 17. stu 2026. u 09:14 Postroom Care <care@us.example> napisao je:"),
    "sr Gmail": ("уто, 17. нов 2026. у 09:14 Postroom Care <care@us.example> је написао/ла:"),
    "sl Gmail": ("V V tor., 17. nov. 2026 ob 09:14 je oseba Postroom Care <care@us.example> napisala:"),
    "sl tb": "Dne 17. 11. 2026 ob 09:14 je Postroom Care napisal(a):",
    "et Gmail": ("Kuupäev T, 17. november 2026 kell 09:14 kirjutas Postroom Care <care@us.example>:"),
    "lv Gmail": ("otrd., 2026. g. 17. nov., plkst. 09:14 — lietotājs Postroom Care (<care@us.example>) rakstīja:"),
    "lt Gmail": "2026-11-17, an, 09:14 Postroom Care <care@us.example> rašė:",
    "is": ("þri., 17. nóv. 2026 kl. 09:14 skrifaði Postroom Care <care@us.example>:"),
    "ja Gmail": "2026年11月17日(火) 9:14 Postroom Care <care@us.example>:",
    "ja Apple": "2026/11/17 9:14、Postroom Care <care@us.example>のメール:",
    "ja Apple2": "2026年11月17日(火) 午前9:14、Postroom Care <care@us.example> のメール:",
    "ja TB": "2026/11/17 9:14, Postroom Care wrote:",
    "ja TB2": "On 2026/11/17 9:14, Postroom Care wrote:",
    "ja Yahoo": (
        "----- Original Message -----\n"
        "From: Postroom Care <care@us.example>\n"
        "To: kim@them.example\n"
        "Date: 2026/11/17, Tue 09:14\n"
        "Subject: Re: 注文"
    ),
    "ja mobile": "2026年11月17日 9:14 Postroom Care <care@us.example>:",
    "zh Gmail": "Postroom Care <care@us.example> 于2026年11月17日周二 09:14写道：",
    "zh Apple": "在 2026年11月17日，上午9:14，Postroom Care <care@us.example> 写道：",
    "zh TB": "在 2026/11/17 9:14, Postroom Care 写道:",
    "tw Gmail": "Postroom Care <care@us.example> 於 2026年11月17日 週二 上午9:14寫道：",
    "tw Apple": "Postroom Care <care@us.example> 於 2026年11月17日 上午9:14 寫道：",
    "ko Gmail": "2026년 11월 17일 (화) 오전 9:14, Postroom Care <care@us.example>님이 작성:",
    "ko Apple": "2026. 11. 17. 오전 9:14, Postroom Care <care@us.example> 작성:",
    "ko TB": "2026-11-17 오전 9:14에 Postroom Care 이(가) 쓴 글:",
    "ar Gmail": (
        "في الثلاثاء، 17 نوفمبر 2026 في 9:14 ص تمت كتابة ما يلي بواسطة "
        "\u202aPostroom Care\u202c\u200f <\u202acare@us.example\u202c\u200f>:"
    ),
    "he Gmail": (
        "\u202bבתאריך יום ג׳, 17 בנוב׳ 2026 ב-9:14 מאת \u202aPostroom Care\u202c\u200f <\u202acare@us.example\u202c\u200f>:\u202c"
    ),
    "he2": "ב-17/11/2026, בשעה 9:14, Postroom Care <care@us.example> כתב/ה:",
    "fa": ("در تاریخ سه\u200cشنبه ۱۷ نوامبر ۲۰۲۶،\u200f ۹:۱۴ Postroom Care <care@us.example> نوشت:"),
    "vi Gmail": ("Vào Th 3, 17 thg 11, 2026 vào lúc 09:14 Postroom Care <care@us.example> đã viết:"),
    "id Gmail": ("Pada tanggal Sel, 17 Nov 2026 pukul 09.14 Postroom Care <care@us.example> menulis:"),
    "ms Gmail": ("Pada Sel, 17 Nov 2026 9:14 PG Postroom Care <care@us.example> menulis:"),
    "th Gmail": ("ในวันที่ อ. 17 พ.ย. 2026 เวลา 09:14 Postroom Care <care@us.example> เขียนว่า:"),
    "hi Gmail": ("मंगल, 17 नव॰ 2026 को 9:14 am बजे को Postroom Care <care@us.example> ने लिखा:"),
}
# Only sure with quoted lines below them.
ONLY_WITH_MARKS: dict[str, str] = {
    "pine": "On Tue, 17 Nov 2026, Postroom Care wrote:",
    "OX c": "> On 17 November 2026 at 09:14 Postroom Care <care@us.example> wrote:",
    "Hotmail to first": (
        "> To: kim@them.example\n> From: care@us.example\n> Subject: Re: your order\n> Date: Tue, 17 Nov 2026"
    ),
    "fr Orange": (
        "> Message du 17/11/26 09:14\n"
        '> De : "Postroom Care" <care@us.example>\n'
        "> A : kim@them.example\n"
        "> Copie à :\n"
        "> Objet : Re: commande"
    ),
    "pl Apple2": ("> Wiadomość napisana przez Postroom Care <care@us.example> w dniu 17 lis 2026, o godz. 09:14:"),
    "zh iOS": "> 在 2026年11月17日，09:14，Postroom Care <care@us.example> 写道：",
}
# What phones and programs add below a mail.
ADDED = [
    "Sent from my iPhone",
    "Sent from my iPad",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Sent from Mail for Windows 10",
    "Sent from Mail for Windows",
    "Sent from Outlook for Android",
    "Get Outlook for iOS",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Get Outlook for Android",
    "Sent from Outlook",
    "Sent from Outlook<http://aka.ms/weboutlook>",
    "Sent from Yahoo Mail on Android",
    "Sent from Yahoo Mail for iPhone",
    "Yahoo Mail: Search, Organize, Conquer",
    "Sent from Gmail Mobile",
    "Sent from Proton Mail for iOS",
    "Sent with Proton Mail secure email.",
    "Sent with ProtonMail Secure Email.",
    "Sent from my Android device with K-9 Mail. Please excuse my brevity.",
    "Sent from my BlackBerry 10 smartphone on the Verizon Wireless 4G LTE network.",
    "Sent via BlackBerry from T-Mobile",
    "Sent from my mobile. Please excuse brevity and typos.",
    "Sent with Airmail",
    "Sent from Spark",
    "Sent via Superhuman",
    "Sent from my Windows Phone",
    "Sent from Windows Mail",
    "Sent from AOL Mobile Mail",
    "Sent from the all new AOL app for iOS",
    "Sent from BlueMail",
    "Sent from TypeApp",
    "(sent from a phone)",
    "(Sent from mobile device)",
    "<< sent by galaxy >>",
    "From My Iphone 6",
    "from my phone",
    "Sent from my T-Mobile 4G LTE Device",
    "Sent from Tutanota",
    "Securely sent with Tutanota. Get your own encrypted, ad-free mailbox:",
    "Sent from Fairemail",
    "Sent from Nine",
    "Sent from my Huawei phone",
    "Sent from Mailspring, the best free email app for work",
    "Von meinem iPhone gesendet",
    "Von meinem iPad gesendet",
    "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Gesendet von Mail für Windows",
    "Gesendet von Outlook für Android",
    "Gesendet von Yahoo Mail auf Android",
    "Gesendet mit der mobilen Mail App",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
    "Holen Sie sich Outlook für Android",
    "Gesendet mit Proton Mail",
    "Gesendet von meinem Handy",
    "Von unterwegs gesendet",
    "Gesendet von Mail<https://go.microsoft.com/fwlink/?LinkId=550986> für Windows 10",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon iPad",
    "Envoyé à partir de Outlook pour Android",
    "Envoyé depuis mon smartphone Samsung Galaxy.",
    "Envoyé de mon appareil mobile",
    "Provenance : Courrier pour Windows 10",
    "Télécharger Outlook pour Android",
    "Obtenez Outlook pour iOS",
    "Envoyé avec la messagerie sécurisée Proton Mail.",
    "Envoyé depuis l’application Mail Orange",
    "Enviado desde mi iPhone",
    "Enviado desde mi Samsung Mobile de Claro",
    "Enviado desde Outlook para Android",
    "Obtener Outlook para Android",
    "Enviado desde Correo para Windows",
    "Enviado do meu iPhone",
    "Enviado a partir do Outlook para Android",
    "Obter o Outlook para Android",
    "Obter Outlook para iOS",
    "Enviado do Email para Windows",
    "Enviat des del meu iPhone",
    "Inviato da iPhone",
    "Inviato dal mio iPhone",
    "Inviato da Outlook per Android",
    "Inviato da Posta per Windows",
    "Ottieni Outlook per Android",
    "Scarica Outlook per iOS",
    "Inviato da Libero Mail per Android",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden vanaf mijn Samsung Galaxy",
    "Verzonden vanuit Outlook",
    "Verstuurd vanaf Outlook voor Android",
    "Outlook voor Android downloaden",
    "Wysłane z iPhone'a",
    "Wysłano z mojego telefonu Samsung",
    "Wysłane z programu Poczta dla Windows",
    "Pobierz program Outlook dla systemu Android",
    "Pobierz aplikację Outlook dla systemu iOS",
    "Отправлено с iPhone",
    "Отправлено из Яндекс Почты для мобильных",
    "Отправлено из Почты Mail.ru",
    "Отправлено с устройства Samsung",
    "Надіслано з iPhone",
    "Надіслано з мого iPhone",
    "Скачать Outlook для Android",
    "Отправлено из мобильной Почты Mail.ru",
    "Skickat från min iPhone",
    "Hämta Outlook för Android",
    "Sendt fra min iPhone",
    "Hent Outlook til Android",
    "Få Outlook for Android",
    "Lähetetty iPhonesta",
    "Lähetetty Outlookin Android-versiosta",
    "Hanki Outlook for Android",
    "iPhone'umdan gönderildi",
    "Android için Outlook’u edinin",
    "Samsung Galaxy akıllı telefonumdan gönderildi.",
    "Odesláno z iPhonu",
    "Odesláno z mého telefonu Samsung",
    "Získat Outlook pro Android",
    "Odoslané z iPhonu",
    "iPhone-omról küldve",
    "Az Android Outlook letöltése",
    "Trimis de pe iPhone-ul meu",
    "Trimis din Outlook pentru Android",
    "Στάλθηκε από το iPhone μου",
    "Изпратено от моя iPhone",
    "Poslano s mog iPhonea",
    "Poslano z mojega iPhona",
    "iPhoneから送信",
    "iPadから送信",
    "私のiPhoneから送信",
    "Android 版 Outlook を入手",
    "发自我的 iPhone",
    "发自我的iPad",
    "从我的 iPhone 发送",
    "從我的 iPhone 傳送",
    "发自 Outlook",
    "获取 Outlook for iOS",
    "发自网易邮箱大师",
    "来自我的华为手机",
    "나의 iPhone에서 보냄",
    "내 iPhone에서 보냄",
    "삼성 휴대전화에서 전송했습니다.",
    "네이버 메일 앱에서 보냄",
    "تم الإرسال من الـ iPhone",
    "أُرسلت من الـ iPhone",
    "נשלח מה-iPhone שלי",
    "Gửi từ iPhone của tôi",
    "Dikirim dari iPhone saya",
    "ส่งจาก iPhone ของฉัน",
    "मेरे iPhone से भेजा गया",
    "Sent from my Sony Xperia™ smartphone",
    "Sent from my U.S.Cellular© Smartphone",
    "Sent via the Samsung Galaxy S10, an AT&T 5G Evolution capable smartphone",
    "Sent from myMail for iOS",
    "Sent from my cell phone, please forgive brevity.",
    "Gesendet mit der WEB.DE iPhone App",
    "Von meinem Samsung Gerät gesendet.",
    "Envoyé depuis mon appareil Android avec K-9 Mail. Veuillez excuser ma brièveté.",
    "Enviado desde mi dispositivo Android con K-9 Mail. Por favor, disculpa mi brevedad.",
    "Enviado do Yahoo Mail no Android",
    "Inviato da Yahoo Mail su Android",
    "Verstuurd vanaf mijn Android apparaat met K-9 Mail. Excuseer mijn beknoptheid.",
    "Wysłane z telefonu Galaxy",
    "Отправлено из myMail для Android",
    "Skickat från min Android-enhet med K-9 Mail. Ursäkta min fåordighet.",
    "Galaxy cihazımdan gönderildi",
    "Odesláno ze Seznam Email",
    "Küldve az iPhone-omról",
    "Trimis de pe telefonul meu Samsung",
    "Gửi từ Outlook cho iOS",
]
# What people write below a line of theirs; it only begins like what a phone adds.
LIKE_ADDED = [
    "Gesendet mit DHL, Sendungsnummer 00340434161094",
    "Von meinem Vater gesendet",
    "Envoyé par Colissimo le 12 mars, suivi 6A123",
    "Envoyé de Lyon",
    "Enviado por Correos el 12 de marzo",
    "Enviado por WhatsApp",
    "Inviato con raccomandata 123456",
    "Verzonden met PostNL",
    "Wysłane z magazynu",
    "Отправлено с курьером",
    "Отправлено по почте",
    "Skickat med PostNord",
    "Sendt med Posten",
    "Lähetetty postista",
    "Odesláno z Prahy",
    "Trimis de la depozit",
    "Telefonla gönderildi",
    "Kargo ile gönderildi",
    "Gửi từ Hà Nội",
    "倉庫から送信",
    "창고에서 보냄",
    "来自我的客户",
    "Sent on Monday by phone",
    "Sent by phone",
    "Sent with my phone",
    "Sent via mail",
    "Sent from my warehouse",
    "Sent from the road to Orange",
    "Sent with outlook good",
    "Sent from my iPhone yesterday, did it arrive?",
    "Sent from my phone. Sorry for the late answer",
    "Posted from Honor Street",
]
# What people write themselves and no program does.
PEOPLE = [
    "Hello,\n\nOn 1 February 2016 at 10:30 we met. He said the following:\nno\n\nBye",
    "Hello,\n\nplease mail Kim <kim@them.example> on 1.2.2016 at 10:30 the following:\n- one\n- two",
    "Hello,\n\nOn 12/11/2026 at 10:00 I sent my order to care@us.example:\n- one\n- two\n\nWhere is it?",
    "Hello,\n\nI booked:\n\nFrom: Paris\nTo: Rome\nDate: 3 March 2027 10:30\n\nCan I change it?",
    "Hello,\n\nVon: Berlin\nAn: Bonn\nDatum: 3. März\n\nKann ich umbuchen?",
    "Hello,\n\nDe: Madrid\nA: Sevilla\nFecha: 3 de marzo\n\n¿Puedo cambiar?",
    "Hello,\n\nmy notes from Tuesday, 3 March 2026, 10:30:\nnothing works\n\nBye",
    "Hello,\n\nThe order of 2026-11-17, 09:14, for Ann:\nwas wrong",
    "Hello,\n\nthe driver Max schrieb:\nNiemand da\n\nWas nun?",
    "Hallo,\n\nam Montag, 17.11.2026 um 9:14 Uhr sagte der Fahrer:\nNiemand da\n\nWas nun?",
    "Hi,\n\n--- what I need ---\none\ntwo",
    "Hi,\n\n---- original price ----\n12 EUR\n---- new price ----\n10 EUR",
    "Hi,\n\nthe original:\n12",
    "Hi,\n\noriginal message was lost, can you send it again?\nthanks",
    "Hi,\n\nforwarded message: see attachment\nThanks",
    "Hi\n\nSubject: my order\nI did not get it.\nFrom: the shop in Rome\nDate was Monday\nthanks",
    "Hi,\n\nsent from my warehouse on Monday was only half of it, and nobody there could tell me where the rest of it went\n\nKim",
    "The parcel was sent via DHL on Monday.",
    "Sent by mobile courier? No, by post.",
    "Sent with outlook good",
    "Quoting your price list: 12 EUR.\nPlease confirm.",
    "Please see 17.11.2026 09:14 log of kim@them.example:\nerror 5\nerror 6",
    "La casa:\nLe 17 novembre 2026 à 9:14 on a écrit à kim@them.example:\nrien",
    "Hi\n\nOn Monday the 3rd at 10:30 Kim wrote:\nno words\nand so on",
    "Kontakt: kim@them.example\nTel.: 12\nVon 9:00 bis 10:00:\nAn Werktagen\nDatum: 1",
    "1) name:\n2) From: Kim\n3) To: Ann\n",
    "please fix:\n>>> print(1)\n1\n>>> print(2)\n2\nthanks",
    "one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nis my table",
    "See the table\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "cost > 5\nweight < 3",
    "From: Kim\nI am from Rome\n",
    'Dear Ann,\nAt 10:30 on 3 March 2026 your colleague wrote:\n"we will call"\nNobody did.',
]
