"""PURE. What phones and mail programs write below a mail by themselves, by language; refuses longer lines than they write."""

from __future__ import annotations

import re

_DEVICE = (
    r"i-?phone|i-?pad|i-?pod|apple watch|iphone|blackberry|galaxy|samsung|android|nexus|pixel|nokia|lumia|"
    r"windows ?phone|xperia|"
    r"sony|htc|huawei|honor|xiaomi|redmi|oneplus|oppo|vivo|motorola|moto|lg|smart ?phone|handy|mobile?|mobiltelefon|"
    r"mobilger[äa]t|"
    r"phone|handset|handheld|tablet|device|móvil|celular|telefon\w*|телефон\w*|smartfon\w*|смартфон\w*|"
    r"портативного устройства"
)
_PROGRAM = (
    r"outlook|yahoo!?|aol|mail for windows|windows mail|mail pour windows|mail für windows|gmail|inbox|proton ?mail|"
    r"protonmail|"
    r"tutanota|tuta|mymail|my ?mail|mail\.ru|bluemail|blue mail|spark|airmail|aqua ?mail|superhuman|canary|newton|"
    r"mailbird|hey|"
    r"polymail|edison|boxer|typeapp|k-9|fair ?email|thunderbird|evolution|geary|mailspring|postbox|em client|foxmail|"
    r"web\.de|gmx|"
    r"t-online|freenet|1&1|ionos|orange|libero|tiscali|yandex|яндекс\w*|почт\w*|seznam|zimbra|zoho|fastmail|hushmail|"
    r"the bat|"
    r"nine|maildroid|cloudmagic|acompli|alto|mailbox|onmail|missive|roundcube|squirrelmail|webmail|mobile mail|mobile|"
    r"my [\w-]{2,30}"
)
_TAIL = r"(?:[.,;:!]?\s.{0,100}|[.。!]?)"  # "Please excuse brevity and typos."
MOBILE = re.compile(
    rf"[\s*_\-–—(<\[«]{{0,6}}(?:"
    rf"(?:(?:sent|posted|written|composed|typed|brought to you) )(?:\w+ )?(?:from|via|with|using|by|on|"
    rf"through) (?:an? |the |my |<)?"
    rf"(?:[\w.'’+-]{{1,25}} ){{0,3}}?(?:{_DEVICE}|{_PROGRAM})\b.{{0,60}}{_TAIL}|"
    rf"yahoo mail: search, organi[sz]e, conquer|securely sent with .{{1,100}}|sent from my .{{1,60}}|"
    rf"sent from (?:the )?road|get outlook for .{{1,60}}|from my (?:\S+ )?(?:{_DEVICE})\b.{{0,30}}|"
    rf"(?:von|aus) (?:meine[mr]) .{{1,60}} gesendet|(?:von unterwegs |mobil )?gesendet (?:von|mit|über|aus) .{{1,120}}|"
    rf"(?:diese (?:nachricht|e-?mail|mail) wurde )?von (?:mein.{{1,60}}|unterwegs) (?:gesendet|verschickt|versandt)|"
    rf"von unterwegs(?: gesendet)?|holen sie sich outlook f[üu]r .{{1,30}}|outlook f[üu]r .{{1,20}} (?:beziehen|"
    rf"herunterladen)|"
    rf"envoy[ée]e? (?:de|depuis|à partir de|avec|via|par) (?:mon |ma |l['’]|la |le )?.{{1,60}}|"
    rf"(?:t[ée]l[ée]charger|obtenez|obtenir) outlook pour .{{1,40}}|provenance : .{{1,40}}|"
    rf"enviad[oa] (?:desde|do|dende|a partir d[eo]|por|con|com|pelo|via) (?:mi |meu |el |o )?.{{1,60}}|"
    rf"(?:obtener|obter|baixar|obtenga|transferir) (?:o )?outlook (?:para|per) .{{1,40}}|enviat (?:des del|des de|"
    rf"de) .{{1,40}}|"
    rf"inviato (?:da|dal|con|tramite) (?:il )?(?:mio )?.{{1,60}}|(?:ottieni|scarica) outlook per .{{1,40}}|"
    rf"(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|met|via|van) (?:mijn )?.{{1,60}}|outlook voor .{{1,20}} downloaden|"
    rf"wysłan[eoay] (?:z|ze|za pomocą|przy użyciu) (?:mojego )?.{{1,60}}|pobierz (?:\w+ )?outlook .{{1,40}}|"
    rf"отправлено (?:с|из|от) .{{1,60}}|надіслано (?:з|із|від) .{{1,60}}|изпратено от .{{1,60}}|послато са .{{1,40}}|"
    rf"(?:скачать|получить|отримати|завантажити) outlook .{{1,40}}|"
    rf"(?:skickat|sänt) (?:från|med|via) (?:min )?.{{1,50}}|h[äa]mta outlook f[öo]r .{{1,30}}|"
    rf"sendt (?:fra|med|via) (?:min )?.{{1,50}}|(?:hent|f[åa]) outlook (?:til|for) .{{1,30}}|"
    rf"lähetetty .{{1,40}}(?:sta|stä|lta|ltä|lla|llä)|"
    rf"(?:.{{1,40}} )?(?:iphone|ipad|telefon|cihaz|android).{{0,3}}(?:ımdan|imden|umdan|dan|den) gönderildi|"
    rf"(?:ios|android) için outlook.{{0,20}}|"
    rf"(?:odesláno|posláno) (?:z|ze|pomocí) .{{1,40}}|odoslané z .{{1,40}}|(?:poslano|poslato) (?:z|s|sa) .{{1,40}}|"
    rf"trimis (?:de pe|din|de la) .{{1,40}}|στάλθηκε από .{{1,40}}|.{{1,40}}(?:ról|ről|mról|mről) küldve|"
    rf"elküldve .{{1,40}}(?:ról|ről)|"
    rf"gửi từ .{{1,40}}|dikirim (?:dari|menggunakan) .{{1,40}}|dihantar daripada .{{1,40}}|ส่งจาก.{{1,40}}|"
    rf"(?:saadetud|nosūtīts|išsiųsta) .{{1,40}}|"
    rf".{{1,20}}から送信|(?:hanki|získat|získať|preia|λήψη του|dobijte|prenesite|pridobite|nabavite) outlook .{{1,40}}|"
    rf"az (?:ios|android) outlook letöltése|(?:iOS|Android) 版 Outlook.{{0,20}}|发自我的.{{1,20}}|(?:发自|獲取|获取|"
    rf"取得) ?(?:outlook|.{{1,20}}(?:邮箱|手机|iphone|mail|大师)).{{0,20}}|来自我的.{{1,20}}|"
    rf"(?:從|从)我的.{{1,20}}(?:傳送|发送|寄出)|傳自.{{1,30}}|"
    rf"(?:나의 |내 )?.{{1,30}}에서 (?:보냄|전송).{{0,10}}|.{{1,30}} 휴대전화에서 전송.{{0,10}}|"
    rf"(?:تم الإرسال|أُ?رسل[تة]?|مُ?رسل) من .{{1,40}}|נשלח (?:מ|באמצעות).{{1,40}}|.{{1,30}} से भेजा गया"
    rf")\s{{0,5}}[>)\]»*_.。]{{0,6}}",
    re.IGNORECASE,
)
