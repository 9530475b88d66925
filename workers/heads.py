"""PURE. How mail programs open a mail they quote as it stands: a marking line, or a block of its headers, by language.

Refuses a block that names neither a subject nor an address: people write "From: Paris, To: Rome, Date: Friday" themselves.
"""

from __future__ import annotations

import re

from workers.attributions import LONGEST, MAILBOX, plain

_READ = 20_000
_NEAR = 8  # lines within which the rest of a block stands

# What stands between the dashes: Outlook, Samsung, AOL, Thunderbird, Gmail, Zimbra, QQ, NetEase, Daum, Seznam.
_TITLES = (
    r"original|original (?:message|appointment|mail|email)|reply message|replied message|(?:begin )?forwarded message|"
    r"forwarded by.{0,100}|forwarded message from.{0,100}|"
    r"urspr(?:ü|ue)ngliche (?:nachricht|e-?mail|mail)(?: von.{0,100})?|original-?nachricht|"
    r"weitergeleitete nachricht|"
    r"message (?:d['’]origine|original|initial|transf[ée]r[ée]|r[ée]exp[ée]di[ée])|(?:courriel|e-?mail|mail) d['’]origine|"
    r"(?:mail|e-?mail) original|"
    r"mensaje (?:original|reenviado)|missatge (?:original|reenviat)|messaggio (?:originale|inoltrato)|"
    r"mensagem (?:original|encaminhada|reencaminhada)|"
    r"oorspronkelijk(?:e)? (?:bericht|e-?mail)|origineel bericht|doorgestuurd bericht|"
    r"(?:wiadomo[śs][ćc] (?:oryginalna|przekazana)|oryginalna wiadomo[śs][ćc]|tre[śs][ćc] przekazanej wiadomo[śs]ci)|"
    r"(?:исходное|пересылаемое|пересланное|перенаправленное|оригинальное) (?:сообщение|письмо)|"
    r"(?:оригінальне|переслане) повідомлення|оригинално съобщение|препратено съобщение|"
    r"(?:p[ůu]vodn[íi]|p[řr]eposlan[áa]|p[ôo]vodn[áa]|preposlan[áa]) (?:zpr[áa]va|spr[áa]va|e-?mail)|"
    r"(?:ursprungligt|vidarebefordrat) meddelande|originalmeddelande|original(?:e)? meddelelse|oprindelig meddelelse|"
    r"videresendt (?:meddelelse|melding|besked)|opprinnelig melding|original melding|"
    r"(?:alkuper[äa]inen|edelleenl[äa]hetetty) viesti|[öo]zg[üu]n ileti|orijinal (?:ileti|mesaj)|iletilen mesaj|"
    r"(?:eredeti|tov[áa]bb[íi]tott) [üu]zenet|mesaj(?:ul)? (?:original|redirec[țt]ionat)|(?:izvorna|originalna|"
    r"proslije[đd]ena) poruka|"
    r"izvirno sporo[čc]ilo|(?:αρχικό|προωθημένο) μήνυμα|thư gốc|pesan asli|"
    r"元のメッセージ|転送(?:された)?メッセージ|(?:回复的)?原(?:始)?邮件|原始郵件|邮件原件|转发(?:的)?邮件|轉寄的郵件|"
    r"转发邮件信息|"
    r"원본 ?(?:메시지|메일)|전달된 (?:메시지|메일)|الرسالة الأصلية|رسالة معاد توجيهها|הודעה מקורית|הודעה שהועברה"
)
_DASH = r"[-_\u2010-\u2015]"
_MARK = re.compile(
    rf"[\s*_]{{0,20}}(?:{_DASH}{{2,60}}|={{2,40}})\s{{0,5}}(?:{_TITLES})\s{{0,5}}(?:{_DASH}{{2,60}}|={{2,40}}|"
    rf":)?[\s*_]{{0,20}}",
    re.IGNORECASE,
)
_TITLE = re.compile(rf"\s{{0,5}}(?:{_TITLES})\s{{0,5}}", re.IGNORECASE)  # BlackBerry, above a block of headers
_FORWARDED = re.compile(
    r"\s{0,5}(?:begin forwarded message|début du message (?:transféré|réexpédié)|"
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)|inizio (?:del )?messaggio inoltrato|inicio del mensaje reenviado|"
    r"in[íi]cio da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|vidarebefordrat (?:brev|mejl)|"
    r"start på videresendt (?:besked|melding)|videresendt melding|välitetty viesti alkaa|"
    r"początek przekazywanej wiadomości|začátek přeposílané zprávy|начало (?:переадресованного|пересылаемого) сообщения|"
    r"転送されたメッセージ|以下是转发的邮件|以下是轉寄的郵件|전달된 메시지)\s?[:：]\s{0,5}",
    re.IGNORECASE,
)  # Apple Mail
# Programs that put who and when between signs of their own.
_SIGNED = re.compile(
    r"\s{0,3}(?:>>> .{3,200}\d{1,2}[:.]\d\d.{0,20} >>>|"  # GroupWise
    r"-{3,6} ?(?:on )?.{3,200} wrote ?:? ?-{3,6}|"  # Zoho, Notes
    r"[^-\s].{1,80} ---\d{1,2}[./]\d{1,2}[./]\d{2,4} .{1,20}---.{0,300})\s{0,3}",  # Notes
    re.IGNORECASE,
)

# A block needs its sender and two of the others.
_KINDS: dict[str, str] = {
    "from": r"from|von|de|de la|expéditeur|da|van|od|oд|от|від|från|fra|frá|lähettäjä|kimden|gönderen|feladó|από|"
    r"发件人|寄件者|寄件人|"
    r"差出人|送信者|보낸 ?사람|من|מאת|dari|từ|จาก|saatja|nuo|no|šalje",
    "sent": r"sent|date|gesendet|datum|envoyé(?: le)?|enviad[oa](?: el| em)?|fecha(?: de envío)?|data|inviato|"
    r"verzonden(?: op)?|wysłan[oe]|data wysłania|отправлено|дата|изпратено|послато|"
    r"надіслано|odesláno|odoslané|dátum|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|tarih|gönderildi|"
    r"gönderme tarihi|elküldve|trimis|poslano|poslato|enviat(?: el)?|"
    r"ημερομηνία|στάλθηκε|đã gửi|ngày|dikirim|tanggal|ส่ง|วันที่|saadetud|"
    r"发送时间|日期|时间|傳送時間|寄件日期|送信日時|日時|日付|보낸 ?날짜|날짜|تاريخ|التاريخ|تم الإرسال|تاريخ الإرسال|"
    r"תאריך|נשלח",
    "to": r"to|an|à|para|pour|a|aan|destinatari(?:o|us)|do|кому|до|za|prima|komu|til|till|vastaanottaja|saaja|kime|alıcı|"
    r"címzett|către|προς|per a|đến|tới|ถึง|"
    r"收件人|收件者|宛先|받는 ?사람|إلى|אל|kepada|saajad|kam",
    "cc": r"cc|kopie|kopia|copie(?: à)?|copia|копия|копія|kopi|kopio|bilgi|másolatot kap|抄送|副本|참조|نسخة|עותק|kópia",
    "subject": r"subject|betreff|objet|sujet|asunto|oggetto|ogg|assunto|onderwerp|temat|тема|относно|předmět|predmet|"
    r"ämne|emne|aihe|konu|tárgy|subiect|zadeva|tema|assumpte|θέμα|chủ đề|tiêu đề|subjek|เรื่อง|teema|efni|"
    r"主题|主\s?题|主題|主旨|件名|제목|الموضوع|נושא|perihal",
    "reply": r"reply-to|antwort an|répondre à|responder a|rispondi a|risposta|antwoord aan|importance|wichtigkeit|"
    r"importanza|importancia|priority",
}  # fmt: skip
_HEAD = re.compile(
    r"[\s*_>]{0,6}(?:"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in _KINDS.items())
    + r")[\s*_]{0,12}[:：][\s*_]{0,12}(?P<value>.{0,500})",
    re.IGNORECASE,
)


def original(line: str) -> bool:
    """A line that says by itself that an old mail follows."""
    if len(line) >= 400:
        return False
    line = plain(line)
    return bool(_MARK.fullmatch(line) or _FORWARDED.fullmatch(line) or _SIGNED.fullmatch(line))


def titled(line: str) -> bool:
    """What may stand above a block of headers without its dashes."""
    return len(line) < 100 and bool(_TITLE.fullmatch(plain(line)))


def heads(lines: list[str], start: int) -> bool:
    """Whether a block of header lines begins here, whatever its order: Hotmail and GMX do not begin with the sender."""
    first = _head(lines[start])
    kind = _kind(first) if first else ""
    if first is None or kind not in ("from", "sent", "subject") or not first["value"].strip():
        return False
    found = [first, *(match for line in lines[start + 1 : start + 1 + _NEAR] if (match := _head(line)))]
    kinds = {_kind(match) for match in found}
    named = "subject" in kinds or any(MAILBOX.search(match["value"]) for match in found)
    return "from" in kinds and len(kinds) >= 3 and named


def author(text: str) -> str | None:
    """Who wrote the first mail that is passed on in this text."""
    lines = text[:_READ].split("\n")
    for number, line in enumerate(lines):
        if heads(lines, number) or original(line):
            named = (
                match["value"] for line in lines[number : number + _NEAR] if (match := _head(line)) and match["from"]
            )
            found = next((mailbox for value in named if (mailbox := MAILBOX.search(value))), None)
            if found:
                return found[0].strip("<>[]() ").removeprefix("mailto:")
    return None


def _head(line: str) -> re.Match[str] | None:
    if ":" not in line[:80] and "：" not in line[:80]:
        return None
    return _HEAD.fullmatch(plain(line[:LONGEST]))


def _kind(match: re.Match[str]) -> str:
    return next((kind for kind in _KINDS if match[kind]), "")
