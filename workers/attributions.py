"""PURE. How mail programs announce the mail they quote, by language: the line of who wrote when, and the block of headers.

Refuses to match what has no date, no time and no address: people write "On the hill he wrote:" themselves.
"""

from __future__ import annotations

import re

_LONGEST = 500
SPREAD = 6  # lines over which programs wrap one announcement

# The verb that ends (or, in German and Dutch, stands within) the line: Gmail, Apple Mail, Thunderbird, Outlook for phones, Yahoo.
_VERBS = (
    r"wrote|writes|said|"  # English
    r"schrieb|hat geschrieben|geschrieben|"  # German
    r"a [ée]crit|[ée]crivait|"  # French
    r"escribi[óo]|ha escrito|va escriure|"  # Spanish, Catalan
    r"ha scritto|scrive|"  # Italian
    r"escreveu|"  # Portuguese
    r"schreef|heeft (?:het volgende )?geschreven|"  # Dutch
    r"napisał(?:a|\(a\))?|pisze|"  # Polish
    r"написал(?:а|\(а\))?|пишет|пише|написав|"  # Russian, Ukrainian
    r"napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|"  # Czech, Slovak
    r"skrev|følgende|"  # Swedish, Danish, Norwegian
    r"kirjoitti|"  # Finnish
    r"(?:şunu |şunları )?yazdı|yazmış|"  # Turkish
    r"[íi]rta|a (?:következ[őo]t )?[íi]rta|"  # Hungarian
    r"a scris|"  # Romanian
    r"έγραψε|"  # Greek
    r"написа|napisao|je napisal|"  # Bulgarian, Croatian, Slovene
    r"写道|寫道|来信|"  # Chinese
    r"のメール|(?:さん)?(?:は|が)?書きました|wrote|"  # Japanese
    r"작성|님이 작성|썼습니다|"  # Korean
    r"đã viết|menulis|"  # Vietnamese, Indonesian
    r"كتب|כתב|נכתב"  # Arabic, Hebrew
)
_VERB_LAST = re.compile(rf"(?:{_VERBS})[\s\u00a0]{{0,3}}(?:\S{{1,20}}\s?)?[:：]\s{{0,3}}$", re.IGNORECASE)
_VERB_INSIDE = re.compile(r"\s(?:schrieb|schreef|skrev|írta)\s", re.IGNORECASE)
_VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)|写道|寫道|작성", re.IGNORECASE)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./]\d{1,2}[./]\d\d(?!\d)")
_MAILBOX = re.compile(r"[<(\[]?\s?[^\s<>]{1,100}@[^\s<>]{1,100}\s?[>)\]]?")
_OPENER = re.compile(
    r"(?:on|at|am|le|el|il|em|op|a|den|dne|dňa|în|στις|w dniu|dnia|il giorno|el día|vào|pada|quoting|de|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mié|mer|jeu|jue|gio|ven|vie|sáb|sab|dom|dim|mo|di|mi|do|fr|sa|so|"
    r"пн|вт|ср|чт|пт|сб|вс)[.\w]{0,8},?)\s|"
    r"\d{1,4}[\s./年-]|[在于於]\s?\d",
    re.IGNORECASE,
)
_ON_DAY = re.compile(
    r"(?:on|am|le|el|il|em|op|den|på) (?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|"
    r"sáb|dom|gio|seg|ter|qua|qui|sex|maan|woe|vrij|zat|zon|mån|tis|ons|tors|lör|sön)\w{0,8}[ ,]",
    re.IGNORECASE,
)
# Gmail's older short forms, without a verb: "2013/7/20 Name <address>", "2016-03-03 17:21 GMT+01:00 Name".
_GMAIL_SHORT = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\s(?:\d{1,2}:\d\d\s(?:GMT|UTC)[+-]\d{1,2}:\d\d\s.{1,200}|"
    r".{1,200}<[^<>\s]{1,100}@[^<>\s]{1,100}>):?"
)

ORIGINAL = re.compile(
    r"[\s*_]{0,20}(?:[-_]{2,40}|={2,40})\s{0,5}"
    r"(?:original (?:message|appointment)|forwarded (?:message|by.{0,100})|begin forwarded message|reply message|"
    r"urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)|originalnachricht|weitergeleitete nachricht|original-?nachricht|"
    r"message (?:d['’]origine|original|transf[ée]r[ée])|courriel d['’]origine|mail original|e-?mail d['’]origine|"
    r"mensaje (?:original|reenviado)|messaggio (?:originale|inoltrato)|mensagem (?:original|encaminhada)|"
    r"oorspronkelijk(?:e)? (?:bericht|e-?mail)|doorgestuurd bericht|wiadomo[śs][ćc] (?:oryginalna|przekazana)|"
    r"oryginalna wiadomo[śs][ćc]|"
    r"(?:исходное|пересылаемое|оригинальное) (?:сообщение|письмо)|оригінальне повідомлення|"
    r"p[ůu]vodn[íi] (?:zpr[áa]va|e-?mail)|"
    r"ursprungligt meddelande|originalmeddelande|original(?:e)? meddelelse|oprindelig meddelelse|opprinnelig melding|"
    r"alkuper[äa]inen viesti|[öo]zg[üu]n ileti|orijinal ileti|eredeti [üu]zenet|mesaj original|αρχικό μήνυμα|"
    r"元のメッセージ|original message|原始邮件|原始郵件|邮件原件|원본 메시지|원본메시지|الرسالة الأصلية|הודעה מקורית)"
    r"\s{0,5}(?:[-_]{2,40}|={2,40}|:)?[\s*_]{0,20}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s{0,5}(?:begin forwarded message|début du message (?:transféré|réexpédié)|"
    r"anfang der weitergeleiteten nachricht|"
    r"inizio messaggio inoltrato|inicio del mensaje reenviado)\s?:\s{0,5}",
    re.IGNORECASE,
)  # Apple Mail

# The header block of Outlook, Notes and phones. A block needs its sender line and two of the others.
_HEADS: dict[str, str] = {
    "from": r"from|von|de|expéditeur|da|van|od|от|від|från|fra|lähettäjä|kimden|gönderen|feladó|από|发件人|寄件者|寄件人|"
    r"差出人|送信者|보낸 사람|보낸사람|من|מאת|dari",
    "sent": r"sent|date|gesendet|datum|envoyé(?: le)?|enviad[oa](?: el| em)?|fecha|data|inviato|verzonden|"
    r"wysłano|data wysłania|отправлено|дата|"
    r"надіслано|odesláno|skickat|sendt|dato|lähetetty|päivämäärä|tarih|gönderildi|elküldve|dátum|trimis|"
    r"ημερομηνία|στάλθηκε|"
    r"发送时间|日期|傳送時間|寄件日期|送信日時|日時|日付|보낸 날짜|날짜|تاريخ|תאריך|נשלח",
    "to": r"to|an|à|para|a|aan|destinatario|do|кому|komu|til|till|vastaanottaja|kime|alıcı|címzett|către|προς|"
    r"收件人|收件者|宛先|받는 사람|받는사람|إلى|אל|kepada",
    "cc": r"cc|kopie|kopia|copie|копия|копія|kopi|kopio|bilgi|másolatot kap|抄送|副本|참조",
    "subject": r"subject|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|тема|předmět|ämne|emne|aihe|konu|"
    r"tárgy|subiect|θέμα|"
    r"主题|主題|主旨|件名|제목|الموضوع|נושא|perihal",
    "reply": r"reply-to|antwort an|répondre à|responder a|rispondi a|risposta|importance|wichtigkeit|importanza|"
    r"importancia",
}  # fmt: skip
_HEAD = re.compile(
    r"[\s*_>]{0,6}(?:"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in _HEADS.items())
    + r")[\s*_\u00a0]{0,3}[:：][\s*_]{0,3}(?P<value>.{0,500})",
    re.IGNORECASE,
)
MOBILE = re.compile(
    r"[\s*_\-–—]{0,5}(?:sent from my .{1,60}|get outlook for .{1,60}|"
    r"sent (?:from|via|with|using) (?:an? |the |<)?(?:outlook|yahoo|aol|mail for windows|windows mail|samsung|"
    r"iphone|ipad|android|"
    r"blackberry|mobile|gmail|proton ?mail|mymail|mail\.ru|bluemail|spark|airmail|aqua ?mail|superhuman|canary|"
    r"newton|mailbird|nokia|sony|htc|huawei).{0,60}|"
    r"(?:von|aus) (?:meinem|meiner) .{1,40} gesendet|gesendet (?:von|mit|über) .{1,60}|"
    r"diese nachricht wurde von mein.{1,60} gesendet|"
    r"envoy[ée] (?:de|depuis|à partir de) (?:mon |ma )?.{1,50}|t[ée]l[ée]charger outlook pour .{1,40}|"
    r"enviado (?:desde|do|a partir d[eo]) (?:mi |meu )?.{1,50}|obtener outlook para .{1,40}|inviato (?:da|"
    r"dal) (?:mio )?.{1,50}|"
    r"verzonden (?:vanaf|met|via) (?:mijn )?.{1,50}|verstuurd vanaf (?:mijn )?.{1,50}|"
    r"wysłan[eo] z (?:mojego )?.{1,50}|"
    r"отправлено (?:с|из) .{1,50}|надіслано (?:з|із) .{1,50}|skickat från min .{1,50}|sendt fra min .{1,50}|"
    r"lähetetty .{1,30}(?:sta|stä|lta|ltä)|"
    r"(?:.{1,20} )?iphone'?(?:umdan|'dan) gönderildi|odesláno z (?:mého )?.{1,40}|iPhoneから送信|.{1,20}から送信|"
    r"发自我的.{1,20}|從我的.{1,20}傳送|나의 .{1,20}에서 보냄)\s{0,5}[.。]?",
    re.IGNORECASE,
)


def announces(lines: list[str], start: int) -> int:
    """How many lines from ``start`` on announce a quoted mail; 0 if they do not."""
    first = lines[start].strip()
    if not first or len(first) > _LONGEST or first[0] in ">|":
        return 0
    opener = _opens(first)
    spread = ""
    for count in range(1, min(SPREAD if opener else 1, len(lines) - start) + 1):
        line = lines[start + count - 1].strip()
        spread = f"{spread} {line}".strip()
        if len(spread) > _LONGEST or (count > 1 and _dated_opener(line)):
            return 0  # a later line begins one of its own
        if _is_announcement(spread, opener, _marked(lines, start + count)):
            return count
    return 0


def _opens(line: str) -> bool:
    return _dated_opener(line) or (bool(_MAILBOX.search(line)) and bool(_VERB.search(line)))


def _dated_opener(line: str) -> bool:
    return bool(_OPENER.match(line)) and bool(_TIME.search(line) or _YEAR.search(line))


def _marked(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number : number + 3] if line.strip()), "")
    return following.lstrip().startswith((">", "|"))


def _is_announcement(line: str, opener: bool, marked: bool) -> bool:
    """Without marks below it the line itself must be sure: what follows it is folded away."""
    if _GMAIL_SHORT.fullmatch(line):
        return True
    if not line.endswith((":", "：")):
        return False
    timed, addressed = bool(_TIME.search(line)), bool(_MAILBOX.search(line))
    dated = timed or bool(_YEAR.search(line))
    if marked and _ON_DAY.match(line) and _VERB_LAST.search(line):
        return True
    if addressed:
        return dated or bool(_VERB_LAST.search(line))
    # German, Dutch and others put the verb before the name.
    return opener and bool(_VERB_LAST.search(line) or _VERB_INSIDE.search(line)) and (timed or (dated and marked))


def heads(lines: list[str], start: int) -> bool:
    """Whether a block of header lines begins here: a sender, and two other kinds within the next lines."""
    found = _HEAD.fullmatch(lines[start][:_LONGEST])
    if not found or not found["from"] or not found["value"].strip():
        return False
    below = (_HEAD.fullmatch(line[:_LONGEST]) for line in lines[start + 1 : start + 9])
    kinds = {_kind(match) for match in below if match}
    return len(kinds & {"sent", "to", "subject", "cc", "reply"}) >= 2


def _kind(match: re.Match[str]) -> str:
    return next((kind for kind in _HEADS if match[kind]), "")


def original(line: str) -> bool:
    return len(line) < 200 and bool(ORIGINAL.fullmatch(line) or _FORWARDED.fullmatch(line))
