"""R18: what a person wrote is found in mails of many clients and languages, and none of their words is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers import quoting

ANNOUNCEMENTS = {
    "Gmail": "On Mon, Feb 1, 2016 at 4:58 AM Ann Agent <ann@us.example> wrote:",
    "Gmail, wrapped": "On Mon, Feb 1, 2016 at 4:58 AM Ann Agent\n<ann@us.example> wrote:",
    "Apple Mail": "On 1 Feb 2016, at 04:58, Ann Agent <ann@us.example> wrote:",
    "Thunderbird": "On 2/1/16 4:58 AM, Ann Agent wrote:",
    "Eudora": "At 04:58 AM 2/1/2016, you wrote:",
    "German, Gmail": "Ann Agent <ann@us.example> schrieb am Mo., 1. Feb. 2016 um 04:58 Uhr:",
    "German, Thunderbird": "Am 01.02.2016 um 04:58 schrieb Ann Agent:",
    "French": "Le lun. 1 févr. 2016 à 04:58, Ann Agent <ann@us.example> a écrit :",
    "Spanish": "El lun, 1 feb 2016 a las 4:58, Ann Agent (<ann@us.example>) escribió:",
    "Italian": "Il giorno lun 1 feb 2016 alle ore 04:58 Ann Agent <ann@us.example> ha scritto:",
    "Portuguese": "Em seg., 1 de fev. de 2016 às 04:58, Ann Agent <ann@us.example> escreveu:",
    "Dutch": "Op ma 1 feb. 2016 om 04:58 schreef Ann Agent <ann@us.example>:",
    "Polish": "pon., 1 lut 2016 o 04:58 Ann Agent <ann@us.example> napisał(a):",
    "Russian": "пн, 1 февр. 2016 г. в 04:58, Ann Agent <ann@us.example>:",
    "Ukrainian": "пн, 1 лют. 2016 р. о 04:58 Ann Agent <ann@us.example> пише:",
    "Czech": "po 1. 2. 2016 v 4:58 odesílatel Ann Agent <ann@us.example> napsal:",
    "Swedish": "Den mån 1 feb. 2016 kl 04:58 skrev Ann Agent <ann@us.example>:",
    "Danish": "Den man. 1. feb. 2016 kl. 04.58 skrev Ann Agent <ann@us.example>:",
    "Finnish": "ma 1. helmik. 2016 klo 4.58 Ann Agent (ann@us.example) kirjoitti:",
    "Turkish": "Ann Agent <ann@us.example>, 1 Şub 2016 Pzt, 04:58 tarihinde şunu yazdı:",
    "Hungarian": "Ann Agent <ann@us.example> ezt írta (időpont: 2016. febr. 1., H, 4:58):",
    "Japanese": "2016年2月1日(月) 4:58 Ann Agent <ann@us.example>:",
    "Chinese": "Ann Agent <ann@us.example> 于2016年2月1日周一 04:58写道：",
    "Korean": "2016년 2월 1일 (월) 04:58, Ann Agent <ann@us.example>님이 작성:",
    "Vietnamese": "Vào 04:58, Th 2, 1 thg 2, 2016 Ann Agent <ann@us.example> đã viết:",
}


@pytest.mark.parametrize("client", ANNOUNCEMENTS)
def test_R18_the_line_that_announces_a_quotation_in_many_languages(client: str) -> None:
    announced = ANNOUNCEMENTS[client]
    assert quoting.split(f"Yes, please.\n\n{announced}\n\n> Would you\n> like it?\n") == (
        "Yes, please.",
        f"{announced}\n\n> Would you\n> like it?",
    )


@pytest.mark.parametrize("client", ["Gmail", "Apple Mail", "German, Gmail", "French", "Japanese", "Russian", "Eudora"])
def test_R18_history_without_marks_is_folded_below_a_sure_announcement(client: str) -> None:
    text = f"Yes.\n\n{ANNOUNCEMENTS[client]}\n\nWould you like it?\n"
    assert quoting.split(text)[0] == "Yes."


HEADS = {
    "English": "From: Ann\nSent: Monday, February 1, 2016 4:58 AM\nTo: Kim\nSubject: it",
    "English, bold": "*From:* Ann\n*Sent:* Monday\n*To:* Kim\n*Subject:* it",
    "German": "Von: Ann\nGesendet: Montag, 1. Februar 2016 04:58\nAn: Kim\nBetreff: es",
    "French": "De : Ann\nEnvoyé : lundi 1 février 2016 04:58\nÀ : Kim\nObjet : cela",
    "Spanish": "De: Ann\nEnviado el: lunes, 1 de febrero\nPara: Kim\nAsunto: eso",
    "Italian": "Da: Ann\nInviato: lunedì 1 febbraio\nA: Kim\nOggetto: questo",
    "Portuguese": "De: Ann\nEnviado: segunda-feira\nPara: Kim\nAssunto: isso",
    "Dutch": "Van: Ann\nVerzonden: maandag\nAan: Kim\nOnderwerp: het",
    "Polish": "Od: Ann\nWysłano: poniedziałek\nDo: Kim\nTemat: to",
    "Russian": "От: Ann\nОтправлено: понедельник\nКому: Kim\nТема: это",
    "Swedish": "Från: Ann\nSkickat: måndag\nTill: Kim\nÄmne: det",
    "Chinese": "发件人: Ann\n发送时间: 2016年2月1日\n收件人: Kim\n主题: 它",
    "Japanese": "差出人: Ann\n送信日時: 2016年2月1日\n宛先: Kim\n件名: それ",
    "marked": "-----Original Message-----\nFrom: Ann",
    "marked, German": "-----Ursprüngliche Nachricht-----\nVon: Ann",
    "marked, French": "-------- Message d'origine --------\nDe : Ann",
    "forwarded": "---------- Forwarded message ---------\nFrom: Ann",
}


@pytest.mark.parametrize("client", HEADS)
def test_R18_history_below_a_block_of_headers(client: str) -> None:
    written, quoted = quoting.split(f"Yes.\n\n{HEADS[client]}\n\nWould you like it?")
    assert written == "Yes." and quoted == f"{HEADS[client]}\n\nWould you like it?"


@pytest.mark.parametrize(
    "text",
    [
        "I saw it at 10:30.\nOn the hill he wrote:\nnothing",
        "In 2016 the committee wrote:\nno words at all",
        "From: the top\nto the bottom we looked",
        "Please send:\n- one\n- two\n\nto kim@them.example:\nthanks",
        "one\n---\ntwo\n***\nthree",
        "a > b\nb > c",
        "On 2016-02-01 at 10:30 we met. He said the following:\nno",
        "Sent via courier today.",
        "the answer is\n--\nat least\n" + "a long line of words that nobody would take for a signature " * 3,
    ],
)
def test_R18_in_doubt_words_stay_with_the_text(text: str) -> None:
    assert quoting.split(text) == (text.rstrip(), "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Yes.\n\n-- \nKim\nThem Ltd", "Yes."),
        ("Yes.\n--\nKim", "Yes."),
        ("Yes.\n\n________________\nKim", "Yes."),
        ("Yes.\n\nSent from my iPhone", "Yes."),
        ("Ja.\n\nVon meinem iPhone gesendet", "Ja."),
        ("Oui.\n\nEnvoyé de mon iPad", "Oui."),
        ("Yes.\n\nSent from my phone\n\nOn 1 Feb 2016 at 10:30, Ann <a@us.example> wrote:\n\n> it?\n", "Yes."),
        ("> it?\n\nYes.\n-- \nKim", "Yes."),
        ("First.\n\n> it?\n\nYes.\n\n> and?\n\nNo.", "First.\n\n> it?\n\nYes.\n\n> and?\n\nNo."),
        ("Yes.\n\n~~~ reply above this line ~~~\nOn some day\nold words", "Yes."),
    ],
)
def test_R18_what_programs_add_is_folded(text: str, written: str) -> None:
    assert quoting.split(text, "~~~ reply above this line ~~~")[0] == written


OUTLOOK = "From: Ann <ann@us.example>\nSent: Monday, February 1, 2016 4:58 AM\nTo: Kim\nSubject: it\n\n"


@pytest.mark.parametrize(
    "above",
    [
        "See my answers in red below.",
        "Please find my comments inline.",
        "Siehe unten.",
        "Antworten im Text in Rot.",
        "Réponses ci-dessous en bleu.",
        "Respuestas abajo en rojo.",
        "Risposte di seguito.",
        "Respostas abaixo.",
        "Zie hieronder.",
        "Odpowiedzi poniżej.",
        "Ответы ниже.",
        "Svar nedan.",
        "Se svar under.",
        "Vastaukset alempana.",
        "Cevaplar aşağıda.",
        "回答は以下の通りです。",
        "请看下面红字。",
        "아래에 답변 드립니다.",
    ],
)
def test_R18_answers_between_lines_that_nothing_marks_stay_where_the_person_sends_one_there(above: str) -> None:
    text = f"{above}\n\n{OUTLOOK}Red?\nYes, please.\nBlue?\nNo."
    assert quoting.split(text)[0] == text
    marked = f"{above}\n\n~~~ reply above this line ~~~\nRed?\nYes, please."
    assert quoting.split(marked, "~~~ reply above this line ~~~")[0] == marked
    assert quoting.split(f"{above}\n\n{ANNOUNCEMENTS['Gmail']}\n> Red?")[0] == above


def test_R18_answers_between_lines_that_outlook_marked_stay() -> None:
    text = f"Hello,\n\n{OUTLOOK}> Red?\nYes, please.\n> Blue?\nNo."
    assert quoting.split(text)[0] == text
    assert quoting.split(f"Hello,\n\n{OUTLOOK}> Red?\n> Blue?")[0] == "Hello,"


@pytest.mark.parametrize(
    "below",
    [
        "Please also send it by Friday to Bonn.",
        "please send it to Bonn",
        "Thanks",
        "and the blue one?",
        "No, wait:\nthe red one",
        "Two more things we need\nA box",
        "Danke, passt",
        "PS: Tel. 0123456 is new",
        "12 boxes",
        "Order 12345678 please",
        "kim@them.example is my new address, write there from now on",
    ],
)
def test_R18_a_line_drawn_between_paragraphs_takes_no_words_with_it(below: str) -> None:
    for line in ("--", "_____", "________________"):
        assert quoting.split(f"Yes.\n{line}\n{below}") == (f"Yes.\n{line}\n{below}", "")


@pytest.mark.parametrize(
    "below",
    [
        "Kim Müller",
        "Kim van der Berg\nHead of Sales | Them Ltd.\n+49 30 123456\nkim@them.example",
        "Mit freundlichen Grüßen\n\nKim Müller\nThem GmbH & Co. KG\nHRB 1234",
        "Cordialement,\nKim\nTél. : 01 23 45 67 89",
        "Best regards\nKim",
        "山田太郎\n株式会社例\nTEL: 03-1234-5678",
        "Кирилл Иванов\nООО Пример\nhttps://them.example",
        "Questo messaggio e' stato analizzato con Libra ESVA ed e' risultato non infetto.",
    ],
)
def test_R18_a_signature_is_known_by_its_line_or_by_what_it_says(below: str) -> None:
    for line in ("--", "-- ", "--\u00a0", "__________"):
        assert quoting.split(f"Yes.\n{line}\n{below}")[0] == "Yes."


def test_R18_the_line_of_a_signature_needs_no_looks_below_it() -> None:
    assert quoting.split("Yes.\n\n-- \nBelieved to be clean, and\nwritten in one go.")[0] == "Yes."


PIECES = [
    *ANNOUNCEMENTS.values(),
    *HEADS.values(),
    "> q",
    "words of mine",
    "",
    "--",
    "-- ",
    "_____",
    "Sent from my iPhone",
    "C> x",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10))
def test_R18_every_word_is_either_text_or_quotation(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    written, quoted = quoting.split(text)
    assert Counter(f"{written}\n{quoted}".split()) == Counter(text.split())
