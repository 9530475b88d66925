"""Whole answers as mail programs send them, each with what the person wrote. Written from their formats; nobody's mail."""

from __future__ import annotations

# Client: body of the mail, what the person wrote.
ANSWERS: dict[str, tuple[str, str]] = {
    "Gmail web": (
        (
            "Hi Ann,\n"
            "\n"
            "yes, the green one please.\n"
            "\n"
            "Kim\n"
            "\n"
            "On Tue, Nov 17, 2026 at 9:14 AM Postroom Care <care@us.example> wrote:\n"
            "\n"
            "> Dear Kim,\n"
            ">\n"
            "> green or blue?\n"
            ">\n"
            "> --\n"
            "> Ann\n"
            ">\n"
        ),
        ("Hi Ann,\n\nyes, the green one please.\n\nKim"),
    ),
    "Gmail, signature above the quotation": (
        (
            "The green one.\n"
            "\n"
            "-- \n"
            "Kim Doe\n"
            "Head of Paint\n"
            "\n"
            "On Tue, Nov 17, 2026 at 9:14 AM Postroom Care <care@us.example> wrote:\n"
            "\n"
            "> green or blue?\n"
        ),
        "The green one.",
    ),
    "Gmail, bottom posting": (
        ("On Tue, Nov 17, 2026 at 9:14 AM Postroom Care <care@us.example> wrote:\n\n> green or blue?\n>\n\nGreen.\n"),
        "Green.",
    ),
    "Gmail, nested": (
        (
            "Fine.\n"
            "\n"
            "On Wed, Nov 18, 2026, 10:00 Postroom Care <care@us.example> wrote:\n"
            "\n"
            "> So green?\n"
            ">\n"
            "> On Tue, Nov 17, 2026 at 9:14 AM Kim <kim@them.example> wrote:\n"
            ">\n"
            ">> Maybe green.\n"
            ">>\n"
            ">>> green or blue?\n"
        ),
        "Fine.",
    ),
    "Gmail on Android, Polish": (
        (
            "Zielony.\n"
            "\n"
            "wt., 17 lis 2026, 09:14 użytkownik Postroom Care <care@us.example>\n"
            "napisał:\n"
            "\n"
            "> zielony czy niebieski?\n"
        ),
        "Zielony.",
    ),
    "Outlook desktop, English": (
        (
            "Green, please.\n"
            "\n"
            "Kind regards,\n"
            "Kim Doe\n"
            "\n"
            "From: Postroom Care <care@us.example> \n"
            "Sent: Tuesday, November 17, 2026 9:14 AM\n"
            "To: Kim Doe <kim@them.example>\n"
            "Subject: Your order\n"
            "\n"
            "Dear Kim,\n"
            "\n"
            "green or blue?\n"
        ),
        ("Green, please.\n\nKind regards,\nKim Doe"),
    ),
    "Outlook desktop with importance and a copy": (
        (
            "Green.\n"
            "\n"
            "From: Postroom Care <care@us.example>\n"
            "Sent: 17 November 2026 09:14\n"
            "To: Kim Doe <kim@them.example>\n"
            "Cc: Lee\n"
            "Subject: Your order\n"
            "Importance: High\n"
            "\n"
            "green or blue?\n"
        ),
        "Green.",
    ),
    "Outlook on the web, rule above": (
        (
            "Green.\n"
            "________________________________\n"
            "From: Postroom Care <care@us.example>\n"
            "Sent: Tuesday, November 17, 2026 9:14 AM\n"
            "To: Kim Doe <kim@them.example>\n"
            "Subject: Your order\n"
            "\n"
            "green or blue?\n"
        ),
        "Green.",
    ),
    "Outlook for iOS, German": (
        (
            "Grün.\n"
            "\n"
            "Outlook für iOS herunterladen\n"
            "________________________________\n"
            "Von: Postroom Care <care@us.example>\n"
            "Gesendet: Dienstag, November 17, 2026 9:14 AM\n"
            "An: Kim <kim@them.example>\n"
            "Betreff: Ihre Bestellung\n"
            "\n"
            "grün oder blau?\n"
        ),
        "Grün.",
    ),
    "Outlook, Portuguese": (
        (
            "O verde.\n"
            "\n"
            "De: Postroom Care <care@us.example>\n"
            "Enviada em: terça-feira, 17 de novembro de 2026 09:14\n"
            "Para: Kim\n"
            "Assunto: Pedido\n"
            "\n"
            "verde ou azul?\n"
        ),
        "O verde.",
    ),
    "Outlook, Czech": (
        (
            "Zelený.\n"
            "\n"
            "Od: Postroom Care <care@us.example>\n"
            "Odesláno: úterý 17. listopadu 2026 9:14\n"
            "Komu: Kim\n"
            "Předmět: Objednávka\n"
            "\n"
            "zelený nebo modrý?\n"
        ),
        "Zelený.",
    ),
    "Outlook, Finnish": (
        (
            "Vihreä.\n"
            "\n"
            "Lähettäjä: Postroom Care <care@us.example>\n"
            "Lähetetty: tiistai 17. marraskuuta 2026 9.14\n"
            "Vastaanottaja: Kim\n"
            "Aihe: Tilaus\n"
            "\n"
            "vihreä vai sininen?\n"
        ),
        "Vihreä.",
    ),
    "Outlook, Turkish": (
        (
            "Yeşil.\n"
            "\n"
            "Kimden: Postroom Care <care@us.example>\n"
            "Gönderildi: 17 Kasım 2026 Salı 09:14\n"
            "Kime: Kim\n"
            "Konu: Sipariş\n"
            "\n"
            "yeşil mi mavi mi?\n"
        ),
        "Yeşil.",
    ),
    "Outlook, Hungarian": (
        (
            "A zöldet.\n"
            "\n"
            "Feladó: Postroom Care <care@us.example>\n"
            "Elküldve: 2026. november 17., kedd 9:14\n"
            "Címzett: Kim\n"
            "Tárgy: Rendelés\n"
            "\n"
            "zöld vagy kék?\n"
        ),
        "A zöldet.",
    ),
    "Outlook, Norwegian": (
        (
            "Grønn.\n"
            "\n"
            "Fra: Postroom Care <care@us.example>\n"
            "Sendt: tirsdag 17. november 2026 09:14\n"
            "Til: Kim\n"
            "Emne: Bestilling\n"
            "\n"
            "grønn eller blå?\n"
        ),
        "Grønn.",
    ),
    "Outlook, Japanese": (
        (
            "緑でお願いします。\n"
            "\n"
            "差出人: Postroom Care <care@us.example>\n"
            "送信日時: 2026年11月17日 9:14\n"
            "宛先: Kim\n"
            "件名: ご注文\n"
            "\n"
            "緑ですか青ですか。\n"
        ),
        "緑でお願いします。",
    ),
    "Outlook, Hebrew": (
        (
            "ירוק.\n"
            "\n"
            "מאת: Postroom Care <care@us.example>\n"
            "נשלח: יום שלישי 17 נובמבר 2026 09:14\n"
            "אל: Kim\n"
            "נושא: הזמנה\n"
            "\n"
            "ירוק או כחול?\n"
        ),
        "ירוק.",
    ),
    "Outlook, answers between the lines": (
        (
            "Please see my answers below.\n"
            "\n"
            "From: Postroom Care <care@us.example>\n"
            "Sent: Tuesday, November 17, 2026 9:14 AM\n"
            "To: Kim\n"
            "Subject: Your order\n"
            "\n"
            "Which colour?\n"
            "Green.\n"
            "Which size?\n"
            "Large.\n"
        ),
        (
            "Please see my answers below.\n"
            "\n"
            "From: Postroom Care <care@us.example>\n"
            "Sent: Tuesday, November 17, 2026 9:14 AM\n"
            "To: Kim\n"
            "Subject: Your order\n"
            "\n"
            "Which colour?\n"
            "Green.\n"
            "Which size?\n"
            "Large."
        ),
    ),
    "Apple Mail": (
        ("Green.\n\nKim\n\n> On 17 Nov 2026, at 09:14, Postroom Care <care@us.example> wrote:\n> \n> green or blue?\n"),
        ("Green.\n\nKim"),
    ),
    "Apple Mail, inline": (
        (
            "\n"
            "> On 17 Nov 2026, at 09:14, Postroom Care <care@us.example> wrote:\n"
            "> \n"
            "> Which colour?\n"
            "\n"
            "Green.\n"
            "\n"
            "> Which size?\n"
            "\n"
            "Large.\n"
        ),
        ("Green.\n\n> Which size?\n\nLarge."),
    ),
    "iPhone, Italian": (
        (
            "Verde.\n"
            "\n"
            "Inviato da iPhone\n"
            "\n"
            "> Il giorno 17 nov 2026, alle ore 09:14, Postroom Care <care@us.example> ha scritto:\n"
            "> \n"
            "> verde o blu?\n"
        ),
        "Verde.",
    ),
    "iPhone, Dutch": (
        (
            "Groen.\n"
            "\n"
            "Verstuurd vanaf mijn iPhone\n"
            "\n"
            "> Op 17 nov 2026 om 09:14 heeft Postroom Care <care@us.example> het volgende geschreven:\n"
            "> \n"
            "> \ufeffgroen of blauw?\n"
        ),
        "Groen.",
    ),
    "Yahoo": (
        (
            " Green please.\n"
            "Kim\n"
            "    On Tuesday, November 17, 2026 at 09:14:22 AM GMT+1, Postroom Care <care@us.example> wrote:  \n"
            " \n"
            " green or blue?  "
        ),
        ("Green please.\nKim"),
    ),
    "Yahoo Mail on Android, Spanish": (
        (
            "Verde.\n"
            "\n"
            "Enviado desde Yahoo Mail para Android\n"
            " \n"
            "  El mar., 17 nov 2026 a la(s) 9:14, Postroom Care<care@us.example> escribió:   ¿verde o azul?  "
        ),
        "Verde.",
    ),
    "Thunderbird, below": (
        ("Am 17.11.26 um 09:14 schrieb Postroom Care:\n> grün oder blau?\n\nGrün.\n\n-- \nKim\n"),
        "Grün.",
    ),
    "Thunderbird, forwarded inline": (
        (
            "Please look at this.\n"
            "\n"
            "-------- Forwarded Message --------\n"
            "Subject: \tYour order\n"
            "Date: \tTue, 17 Nov 2026 09:14:22 +0100\n"
            "From: \tPostroom Care <care@us.example>\n"
            "To: \tkim@them.example\n"
            "\n"
            "green or blue?\n"
        ),
        "Please look at this.",
    ),
    "Proton": (
        (
            "Green.\n"
            "\n"
            "Sent with [Proton Mail](https://proton.me/mail/home) secure email.\n"
            "\n"
            "On Tuesday, November 17th, 2026 at 9:14 AM, Postroom Care <care@us.example> wrote:\n"
            "\n"
            "> green or blue?\n"
        ),
        "Green.",
    ),
    "Hey": (
        ("Green.\n\nOn November 17, 2026, Postroom Care <care@us.example> wrote:\n> green or blue?\n"),
        "Green.",
    ),
    "Fastmail": (
        ("Green.\n\nOn Tue, Nov 17, 2026, at 9:14 AM, Postroom Care wrote:\n> green or blue?\n"),
        "Green.",
    ),
    "GMX": (
        (
            "Grün.\n"
            " \n"
            "\n"
            "Gesendet: Dienstag, 17. November 2026 um 09:14 Uhr\n"
            'Von: "Postroom Care" <care@us.example>\n'
            "An: kim@them.example\n"
            "Betreff: Ihre Bestellung\n"
            "\n"
            "grün oder blau?\n"
        ),
        "Grün.",
    ),
    "web.de app": (
        (
            "Grün.\n"
            "\n"
            "-- \n"
            "Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\n"
            "\n"
            "Am 17.11.26, 09:14 schrieb Postroom Care <care@us.example>:\n"
            "> grün oder blau?\n"
        ),
        "Grün.",
    ),
    "Mail.ru": (
        (
            "Зелёный.\n"
            "\n"
            "-- \n"
            "Ким\n"
            "\n"
            "Вторник, 17 ноября 2026, 9:14 +03:00 от Postroom Care <care@us.example>:\n"
            " \n"
            "> зелёный или синий?\n"
        ),
        "Зелёный.",
    ),
    "Yandex": (
        (
            "Зелёный.\n"
            "\n"
            '17.11.2026, 09:14, "Postroom Care" <care@us.example>:\n'
            "\n"
            "зелёный или синий?\n"
            "\n"
            "--\n"
            "Отправлено из мобильной Яндекс Почты\n"
        ),
        "Зелёный.",
    ),
    "Naver": (
        (
            "초록색이요.\n"
            "\n"
            "-----Original Message-----\n"
            'From: "Postroom Care"<care@us.example>\n'
            "To: <kim@them.example>;\n"
            "Cc:\n"
            "Sent: 2026-11-17 (화) 09:14:22 (GMT+09:00)\n"
            "Subject: 주문\n"
            "\n"
            "초록색이요 파란색이요?\n"
        ),
        "초록색이요.",
    ),
    "QQ": (
        (
            "绿色的。\n"
            "\n"
            "\n"
            "\n"
            "------------------ 原始邮件 ------------------\n"
            '发件人: "Postroom Care" <care@us.example>;\n'
            "发送时间: 2026年11月17日(星期二) 上午9:14\n"
            '收件人: "kim"<kim@them.example>;\n'
            "主题: 订单\n"
            "\n"
            "绿色还是蓝色？\n"
        ),
        "绿色的。",
    ),
    "Zoho": (
        (
            "Green.\n"
            "\n"
            "---- On Tue, 17 Nov 2026 09:14:22 +0100 Postroom Care <care@us.example> wrote ----\n"
            "\n"
            "green or blue?\n"
        ),
        "Green.",
    ),
    "Samsung Mail": (
        (
            "Green.Sent from my Galaxy\n"
            "-------- Original message --------From: Postroom Care <care@us.example> Date: 17/11/2026  "
            "09:14  (GMT+01:00) To: kim@them.example Subject: Your order green or blue?\n"
        ),
        (
            "Green.Sent from my Galaxy\n"
            "-------- Original message --------From: Postroom Care <care@us.example> Date: 17/11/2026  "
            "09:14  (GMT+01:00) To: kim@them.example Subject: Your order green or blue?"
        ),
    ),
    "Samsung Mail, with lines": (
        (
            "Green.\n"
            "\n"
            "\n"
            "Sent from my Galaxy\n"
            "\n"
            "\n"
            "-------- Original message --------\n"
            "From: Postroom Care <care@us.example>\n"
            "Date: 17/11/2026  09:14  (GMT+01:00)\n"
            "To: kim@them.example\n"
            "Subject: Your order\n"
            "\n"
            "green or blue?\n"
        ),
        "Green.",
    ),
    "BlackBerry": (
        (
            "Green.\n"
            "Sent from my BlackBerry 10 smartphone on the Vodafone network.\n"
            "  Original Message  \n"
            "From: Postroom Care\n"
            "Sent: Tuesday, November 17, 2026 09:14\n"
            "To: kim@them.example\n"
            "Subject: Your order\n"
            "\n"
            "green or blue?\n"
        ),
        "Green.",
    ),
    "K-9": (
        (
            "Green.\n"
            "-- \n"
            "Sent from my Android device with K-9 Mail. Please excuse my brevity.\n"
            "\n"
            "On 17 November 2026 09:14:22 CET, Postroom Care <care@us.example> wrote:\n"
            ">green or blue?\n"
        ),
        "Green.",
    ),
    "K-9, quotation first": (
        (
            "On 17 November 2026 09:14:22 CET, Postroom Care <care@us.example> wrote:\n"
            ">green or blue?\n"
            "\n"
            "Green.\n"
            "-- \n"
            "Sent from my Android device with K-9 Mail. Please excuse my brevity."
        ),
        "Green.",
    ),
    "Lotus Notes": (
        (
            "Green.\n"
            "\n"
            "Kim Doe\n"
            "\n"
            "\n"
            "\n"
            "From:\tPostroom Care <care@us.example>\n"
            "To:\tkim@them.example\n"
            "Date:\t17.11.2026 09:14\n"
            "Subject:\tYour order\n"
            "\n"
            "\n"
            "\n"
            "green or blue?\n"
        ),
        ("Green.\n\nKim Doe"),
    ),
    "GroupWise": (
        ("Green.\n\n>>> Postroom Care <care@us.example> 11/17/2026 9:14 AM >>>\ngreen or blue?\n"),
        "Green.",
    ),
    "mutt": (
        (
            "On Tue, Nov 17, 2026 at 09:14:22AM +0100, Postroom Care wrote:\n"
            "> Which colour?\n"
            "\n"
            "Green.\n"
            "\n"
            "> Which size?\n"
            "\n"
            "Large.\n"
            "\n"
            "-- \n"
            "Kim\n"
        ),
        ("Green.\n\n> Which size?\n\nLarge."),
    ),
    "Gnus": (
        ("Postroom Care <care@us.example> writes:\n\n> green or blue?\n\nGreen.\n\n-- \nKim\n"),
        "Green.",
    ),
    "Front": (
        ("Green.\nOn November 17, 2026 at 9:14 AM GMT+1 care@us.example wrote:\n\n> green or blue?\n"),
        "Green.",
    ),
    "Missive": (
        ("Green.\n\nOn November 17, 2026 at 9:14 AM, Postroom Care (care@us.example) wrote:\n\ngreen or blue?\n"),
        "Green.",
    ),
    "Superhuman": (
        (
            "Green.\n"
            "\n"
            "Kim\n"
            "\n"
            "Sent via Superhuman ( https://sprh.mn/?vip=kim@them.example )\n"
            "\n"
            "On Tue, Nov 17, 2026 at 9:14 AM, Postroom Care < care@us.example > wrote:\n"
            "\n"
            "> \n"
            "> \n"
            "> green or blue?\n"
            "> \n"
        ),
        ("Green.\n\nKim"),
    ),
    "Legal footer below the quotation": (
        (
            "Green.\n"
            "\n"
            "On Tue, Nov 17, 2026 at 9:14 AM Postroom Care <care@us.example> wrote:\n"
            "\n"
            "> green or blue?\n"
            "\n"
            "This e-mail is confidential and may be privileged.\n"
        ),
        ("Green.\n\n\n> green or blue?\n\nThis e-mail is confidential and may be privileged."),
    ),
    "A dash between two paragraphs": (
        (
            "Green.\n"
            "--\n"
            "And please send it to Bonn by Friday, not to Cologne.\n"
            "\n"
            "On Tue, Nov 17, 2026 at 9:14 AM Postroom Care <care@us.example> wrote:\n"
            "\n"
            "> green or blue?\n"
        ),
        ("Green.\n--\nAnd please send it to Bonn by Friday, not to Cologne."),
    ),
    "SquirrelMail": (
        ("> Which colour?\nGreen.\n\n> Which size?\nLarge.\n"),
        ("Green.\n\n> Which size?\nLarge."),
    ),
    "Spark": (
        ("Green.\n\nKim\nOn 17 Nov 2026 at 09:14 +0100, Postroom Care <care@us.example>, wrote:\n> green or blue?\n"),
        ("Green.\n\nKim"),
    ),
    "Exchange's banner of a stranger within the quotation": (
        (
            "Green.\n"
            "\n"
            "From: Postroom Care <care@us.example>\n"
            "Sent: Tuesday, November 17, 2026 9:14 AM\n"
            "To: Kim\n"
            "Subject: [EXTERNAL] Your order\n"
            "\n"
            "CAUTION: This email originated from outside of the organization.\n"
            "\n"
            "green or blue?\n"
        ),
        "Green.",
    ),
}
