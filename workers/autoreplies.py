"""PURE. How the programs that answer by themselves begin a subject, by language; a colon or the end of the subject follows.

Refuses words that people begin subjects with themselves ("Abwesenheit: Max"), unless our own subject follows (RFC 3834, 3.1.5).
"""

from __future__ import annotations

import re

# Exchange, Outlook, Lotus Notes, GroupWise, Zimbra, Kerio, cPanel, Plesk and webmailers.
_PROGRAMS: dict[str, str] = {
    "English": r"auto(?:matic|mated)?[- ]?re(?:ply|sponse)(?: message)?|out[- ]of[- ](?:the )?office"
    r"(?:\W{0,3}(?:auto\W?|automatic )?(?:reply|response|notification|message|notice|assistant))?|"
    r"vacation (?:auto\W?)?(?:reply|response|message|notice|responder)|"
    r"away from (?:my |the )?(?:office|desk|mail)|ooo|on (?:annual |parental |maternity )?leave(?=\s?[:(])",
    "German": r"automatische (?:antwort|r[üu]ckantwort|e-?mail-?antwort)|"
    r"abwesenheits(?:notiz|benachrichtigung|nachricht|assistent)|(?:ich bin )?(?:nicht im b[üu]ro|au(?:ß|ss)er haus)|urlaubsnotiz",
    "French": r"r[ée]ponse automatique|absen(?:ce|t|te) du bureau|message d['’]absence",
    "Spanish": r"respuesta autom[áa]tica|fuera de (?:la )?oficina|contestaci[óo]n autom[áa]tica|auto ?respuesta",
    "Italian": r"risposta automatica|fuori (?:sede|ufficio)|assenza dall['’]ufficio|messaggio automatico",
    "Portuguese": r"resposta autom[áa]tica|fora d[oe] escrit[óo]rio|aus[êe]ncia tempor[áa]ria|mensagem de aus[êe]ncia",
    "Dutch": r"automatische? (?:antwoord|beantwoording|reactie)|afwezigheids(?:bericht|assistent)|niet op kantoor",
    "Polish": r"odpowied[źz] automatyczna|automatyczna odpowied[źz]|poza biurem|autoodpowied[źz]",
    "Russian": r"автоматический ответ|автоответ(?:чик)?|(?:я )?(?:вне|отсутствую в) офис[ае]|ответ автоматически",
    "Ukrainian": r"автоматична відповідь|автовідповідь|поза офісом",
    "Czech, Slovak": r"automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]\w?",
    "Swedish": r"autosvar|automatiskt svar|frånvaromeddelande|inte på kontoret|ej på plats",
    "Danish, Norwegian": r"automatisk (?:svar|besvarelse)|autosvar|ikke (?:til stede|på kontoret)|fraværsassistent",
    "Finnish": r"automaattinen vastaus|poissa toimistosta",
    "Turkish": r"otomatik yan[ıi]t|otomatik cevap|ofis d[ıi][şs][ıi]nda|i[şs] yerinde de[ğg]il",
    "Hungarian": r"automatikus v[áa]lasz|h[áa]zon k[íi]v[üu]l",
    "Romanian": r"r[ăa]spuns automat|absent din birou|[îi]n afara biroului",
    "Greek": r"αυτόματη απάντηση|εκτός γραφείου",
    "Japanese": r"自動(?:応答|返信|回答)(?:メール)?|不在応答",
    "Chinese": r"自动(?:答复|回复|回應)|自動(?:回覆|回信|答覆)|外出通知|不在办公室",
    "Korean": r"자동 ?(?:회신|응답|답장)|부재 ?중 ?(?:자동 ?)?(?:회신|응답|답장)",
    "Vietnamese, Indonesian, Thai, Hindi": r"(?:thư )?trả lời tự động|balasan otomatis|(?:การ)?ตอบกลับอัตโนมัติ|स्वतः उत्तर|स्वचालित उत्तर",
    "Arabic": r"رد تلقائي|الرد التلقائي|خارج المكتب",
    "Hebrew": r"תשובה אוטומטית|מענה אוטומטי|מחוץ למשרד",
    "Bulgarian, Croatian, Slovene": r"автоматичен отговор|automatski odgovor|samodejni odgovor|izvan ureda",
}
# What people write as well: of a car, a pupil, a parcel, a missed call.
_PEOPLES: dict[str, str] = {
    "RFC 3834's own": r"auto",
    "German": r"abwesend|abwesenheit|abwesenheitsmeldung|urlaub|urlaubsmeldung",
    "French, Spanish, Portuguese": r"absente?|absence|ausente|aus[êe]ncia|ausencia",
    "Dutch": r"afwezig|afwezigheid|afwezigheidsmelding",
    "Polish, Czech, Slovak": r"nieobecno[śs][ćc]|nep[řr][íi]tomn[oa]s[tť]",
    "Russian, Ukrainian": r"нет на месте|немає на місці",
    "Swedish, Danish, Norwegian, Finnish": r"frånvaro|fravær|fraværs?(?:melding|meddelelse)|poissa|poissaoloilmoitus",
    "Japanese, Chinese, Korean": r"不在(?:通知|連絡|のお知らせ)|外出|부재 ?중",
}
_BEFORE, _COLON = r"[\W_]{0,10}", r"[\s\u00a0]{0,3}[:：]"
_BEGINS = re.compile(
    rf"{_BEFORE}(?:{'|'.join(_PROGRAMS.values())})(?:{_COLON}|[\s\u00a0]{{0,3}}(?:$|[\])】）(]|\W{{1,3}}$))",
    re.IGNORECASE,
)
_SAYS_MORE = re.compile(
    rf"{_BEFORE}(?:out of (?:the )?office (?:until|till|through|from|between)\b.{{0,40}}\d|"
    rf"auto{_COLON}\s?(?:re|aw|antw|sv|r|odp|vs|回复|答复)\s?[:：]|"  # RFC 3834: "Auto: " and the subject of the answer
    rf"auto{_COLON}.{{1,200}}\([^()]{{0,40}}\d[^()]{{0,20}}\)\W{{0,2}}$)",  # Notes: "AUTO: Kim is out (returning 12.5.)"
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"{_BEFORE}(?:{'|'.join(_PEOPLES.values())}){_COLON}(?P<rest>.*)", re.IGNORECASE)


def begins(subject: str) -> bool:
    """A subject that only a program begins like this."""
    return bool(_BEGINS.match(subject[:500]) or _SAYS_MORE.match(subject[:500]))


def about(subject: str) -> str:
    """What follows where a program or a person may have begun it like this."""
    found = _ABOUT.match(subject[:500])
    return found["rest"].strip() if found else ""
