"""PURE. What phones and mail programs write below a mail by themselves, by language.

Refuses a line that holds any word beside the program's own, or names no program: people write "Sent with DHL" themselves.
"""

from __future__ import annotations

import re

_LONGEST = 150

# Devices and programs as they are written in any language; many languages decline them: "iPhonesta", "Outlook'u".
_NAMES = (
    r"i-?(?:phon[aeu]?|pad|pod)|ios|blackberry|android|windows|galaxy|samsung|nexus|nokia|lumia|xperia|huawei|xiaomi|redmi|oneplus|"
    r"oppo|motorola|sony|htc|lg|t-mobile|smart-?(?:phone|fon|telefon)|смартфон|"
    r"outlook|yahoo|aol|gmail|proton(?:mail)?|tuta(?:nota)?|mymail|mail\.ru|bluemail|airmail|aquamail|superhuman|mailbird|"
    r"polymail|typeapp|k-9|fairemail|thunderbird|mailspring|foxmail|web\.de|gmx|t-online|freenet|ionos|libero|tiscali|"
    r"yandex|яндекс|seznam|zimbra|zoho|fastmail|hushmail|maildroid|onmail|missive|roundcube|webmail|mailbutler|mailo"
)
# Words for a telephone. After "sent with" or "sent by" people use them themselves.
_TELEPHONES = (
    r"phone|mobile?|mobil(?:en?|e[mnr]?|telefon\w*|ger[äa]t\w*|nej|nych|ní\w*|u)|cell|cellphone|handset|handheld|tablet|device|"
    r"handy|ger[äa]t|portable|téléphone|appareil|móvil|celular|teléfono|dispositivo|telem[óo]vel|telefone|cellulare|"
    r"telefon(?:o|ino|u|ul|om|umdan|en)?|telefoon|toestel|apparaat|puhelime\w*|enhed|enhet|zařízení|zariadeni\w|cihazımdan|"
    r"телефон[аоуі]?м?|мобильн\w+|устройства|пристрою|устройство"
)
# Words that stand beside the names, none of which says anything by itself.
_BESIDE = (
    r"an?|the|my|our|all|new|apps?|application|(?:e-?)?mails?|for|on|with|via|in|at|from|using|by|and|of|secure|encrypted|free|best|"
    r"work|network|wireless|version|edition|smart|capable|pro|plus|max|mini|ultra|se|lite|client|inbox|lte|"
    # carriers
    r"verizon|sprint|metropcs|u\.s\.cellular|evolution|vodafone|telekom|o2|orange|claro|movistar|tigo|rogers|bell|telus|"
    r"meine[mnrs]?|unsere[mnr]?|de[mnrs]|die|das|einem?|einer|mit|von|für|auf|aus|diese|nachricht|wurde|akıllı|için|"
    r"mon|ma|mes|le|la|les|une?|du|des|pour|avec|depuis|sur|messagerie|sécurisée|courrier|courriel|"
    r"mi|el|del|de|desde|para|con|correo|aplicaci[óo]n|inteligente|meu|minha|o|a|do|da|com|pelo|aplicativo|"
    r"mio|mia|il|lo|su|dal|dalla|per|posta|mijn|het|een|van|voor|met|op|"
    r"mojego|mojej|mego|dla|program|programu|poczta|poczty|aplikacj[ia]|aplikację|systemu|z|ze|za|pomocą|"
    r"моего|моей|моята|моя|мого|моєї|для|почт[аыуі]|пошти|с|из|із|со|за|помощью|программы|приложения|"
    r"min|mitt|för|till?|på|med|fra|från|versiosta|sovelluksesta|"
    r"mého|môjho|mobilního|pro|pre|aplikace|az|pe|meu|meul|din|pentru|το|του|μου|τη|την|από|"
    r"mo[gj]|mog|moje|mojega|mojega|od|của|tôi|cho|di|saya|الـ|ال|شלי|שלי|ของฉัน|मेरे|του"
)
_WORD = re.compile(r"[^\s,;:!?<>()\[\]«»*_–—\"“”|…]+")
_NAME = re.compile(rf"(?:[^\W\da-z]{{1,3}}-?)?(?:{_NAMES})(?:['’-]?\w{{0,12}})", re.IGNORECASE)
_TELEPHONE = re.compile(rf"(?:{_TELEPHONES})", re.IGNORECASE)
_MODEL = re.compile(r"[a-z]{0,3}\d{1,4}[a-z]{0,3}|[a-z]", re.IGNORECASE)  # "S21", "10", "5G"
_GLUE = re.compile(rf"(?:[dl]['’])?(?:{_BESIDE}|at&t)", re.IGNORECASE)

# What such a line begins with: where it came from, and what it was sent with.
_FROM = re.compile(
    r"(?:(?:sent|posted|written|composed|typed) from|from my|"
    r"(?:mobil )?gesendet (?:von|aus)|envoyée? (?:depuis|de|à partir d[e'’]|d['’])|enviad[oa] (?:desde|dende|a partir d[eo]|d[eo])|"
    r"enviat des de|inviato da(?:l|lla|ll['’])?|(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|van)|wysłan[eoay] ze?|"
    r"отправлено (?:со?|из|от)|надіслано (?:з|із|від)|изпратено от|послато са|(?:skickat|sänt) från|sendt fra|lähetetty|"
    r"(?:odesláno|posláno|odoslané) ze?|(?:poslano|poslato) (?:i?z|sa?)|trimis (?:de pe|din|de la)|στάλθηκε από|(?:el)?küldve|"
    r"(?:đã )?gửi từ|dikirim (?:dari|menggunakan)|dihantar daripada|ส่งจาก|saadetud|nosūtīts|išsiųsta|"
    r"(?:تم الإرسال|أُ?رسل[تة]?|مُ?رسل) من|נשלח (?=מ))",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"(?:(?:securely )?(?:sent|posted|written|composed|typed|brought to you) (?:with|via|by|using|through)|"
    r"(?:mobil )?gesendet (?:mit|über)|envoyée? (?:avec|via)|provenance|enviad[oa] (?:con|com|por|pelo|via|vía)|"
    r"inviato (?:con|tramite|via)|(?:verzonden|verstuurd|gestuurd) (?:met|via)|wysłan[eoay] (?:za pomocą|przy użyciu|przez)|"
    r"отправлено (?:с помощью|через)|(?:skickat|sänt|sendt) (?:med|via)|odesláno pomocí|נשלח באמצעות)",
    re.IGNORECASE,
)
# What it ends with, in languages that put the verb last.
_LAST = re.compile(r"(?:gesendet|verschickt|versandt|gönderildi|küldve|से भेजा गया)", re.IGNORECASE)
# Outlook for phones: "Get Outlook for iOS", "Outlook voor Android downloaden".
_GET = re.compile(
    r"get|holen|sie|sich|beziehen|herunterladen|obtenez|obtenir|télécharger|obtener|obtenga|obter|baixar|transferir|ottieni|"
    r"scarica|downloaden|pobierz|скачать|получить|отримати|завантажити|h[äa]mta|hent|f[åa]|hanki|získat|získať|preia|λήψη|"
    r"dobijte|prenesite|pridobite|nabavite|letöltése|edinin|alın|aplikaci",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"sent (?:from|with|via) (?:spark|nine|hey|canary|newton mail|mailbox|apple watch|em client|the bat)|"  # and nothing else
    r"yahoo mail: search, organi[sz]e, conquer|von unterwegs(?: gesendet)?|"
    r"gesendet mit der mobilen mail app|enviado do yahoo mail no android|"
    r"envoyé depuis l['’]application mail orange|"
    r"securely sent with tuta(?:nota)?\. get your own encrypted, ad-free mailbox:?|"
    # Japanese, Chinese, Korean: Apple Mail, Outlook, NetEase, Naver, QQ, Samsung
    r".{0,8}(?:i(?:phone|pad)|android|galaxy|xperia|outlook|スマートフォン|スマホ|携帯).{0,6}から送信(?:しました)?|"
    r"(?:ios|android) 版 outlook.{0,8}|"
    r"(?:发自|發自|来自|來自|從|从|傳自|获取|獲取|取得) ?(?:我的)? ?.{0,6}(?:i(?:phone|pad)|android|outlook|华为|小米|荣耀|三星|"
    r"oppo|vivo|手机|手機|邮箱|mail).{0,12}|"
    r".{0,10}(?:i(?:phone|pad)|아이폰|galaxy|갤럭시|android|안드로이드|휴대전화|휴대폰|스마트폰|메일 ?앱|outlook).{0,3}에서 ?"
    r"(?:보냄|전송|발송)(?:했습니다|됨|되었습니다)?",
    re.IGNORECASE,
)
# K-9, BlackBerry, and what many write there: an excuse for being short or misspelt.
_EXCUSE = re.compile(
    r"[.!,;–-]\s(?:.{0,20}(?:excuse|pardon|sorry|apolog|forgive|entschuldig|veuillez|désolé|disculp|perd[oó]n|desculp|excuseer|"
    r"przepraszam|прошу|простите|извин|вибач|ursäkta|undskyld|beklager|omluvte)"
    r".{0,30}(?:brevity|brief|short|typo|error|mistake|spelling|autocorrect|kürze|tippfehler|bri[èe]veté|faute|brevedad|brevidade|"
    r"brevità|beknopt|zwięzł|кратк|опечат|стисл|fåord|kort|stručn).{0,40})$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?https?://[^\s<>]{1,300}>?|<mailto:[^\s<>]{1,200}>")
_SIGNS = str.maketrans("", "", "™®©")
_AROUND = " \t*_-–—()<>[]«»|.。!"


def added(line: str) -> bool:
    """Whether a program wrote this line, not a person."""
    if len(line) >= _LONGEST:
        return False
    line = _ADDRESS.sub("", line.translate(_SIGNS)).strip(_AROUND)
    line = _EXCUSE.sub("", line).strip(_AROUND)
    if _WHOLE.fullmatch(line) or _gets_outlook(line):
        return True
    if begins := _FROM.match(line):
        return _is_program(line[begins.end() :], by_telephone=True)
    if begins := _WITH.match(line):
        return _is_program(line[begins.end() :], by_telephone=False)
    *before, last = line.rsplit(" ", 1) if " " in line else [line]
    if _LAST.fullmatch(last):
        return _is_program(" ".join(before), by_telephone=True)
    return line.endswith("से भेजा गया") and _is_program(line.removesuffix("से भेजा गया"), by_telephone=True)


def _is_program(words: str, by_telephone: bool) -> bool:
    """A name of a device or program, and no word that stands for anything else."""
    found = [word.strip(".'’") for word in _WORD.findall(words)]
    named = [word for word in found if _NAME.fullmatch(word) or (by_telephone and _TELEPHONE.fullmatch(word))]
    return bool(named) and all(map(_says_nothing, filter(None, found)))


def _says_nothing(word: str) -> bool:
    return any(kind.fullmatch(word) for kind in (_NAME, _TELEPHONE, _GLUE, _MODEL))


def _gets_outlook(line: str) -> bool:
    found = [word.strip(".") for word in _WORD.findall(line)]
    asked = any(_GET.fullmatch(word) for word in found)
    named = any(word.lower().startswith("outlook") for word in found)
    return asked and named and all(_GET.fullmatch(word) or _says_nothing(word) for word in found)
