"""PURE. How people say that their answers stand within the mail they quote, by language: "see below, in red".

Outlook marks no quoted line, so that nothing else tells an answer there from what it answers. Refuses to look at quoted words.
"""

from __future__ import annotations

import re

_SAID: dict[str, str] = {
    "English": r"below|beneath|in-?\s?line|interspersed|between the lines|"
    r"in (?:the )?(?:red|blue|green|purple|bold|italics|caps|"
    r"colou?r)|after each (?:question|point)|(?:next|added) to (?:each|your|the) (?:questions?|points?)|in the text",
    "German": r"unten|untenstehend|s\.\s?u\.|weiter unten|darunter|nachfolgend|nachstehend|im text|"
    r"in (?:rot|blau|gr[üu]n|fett)|(?:rot|blau|gr[üu]n|farbig) (?:markiert|geschrieben)|inline",
    "French": r"ci-dessous|ci-apr[èe]s|plus bas|en (?:rouge|bleu|vert|gras|couleur)|dans le (?:texte|corps)|"
    r"entre les lignes|à la suite",
    "Spanish": r"(?:m[áa]s )?abajo|a continuaci[óo]n|en (?:rojo|azul|verde|negrita|color)|entre l[íi]neas|en el texto",
    "Italian": r"(?:qui )?sotto|di seguito|in (?:rosso|blu|verde|grassetto|colore|calce)|nel (?:testo|corpo)|tra le righe",
    "Portuguese": r"(?:mais |logo )?abaixo|a seguir|em (?:vermelho|azul|verde|negrito)|no (?:texto|corpo)|entre linhas",
    "Dutch": r"hieronder|onderstaand|zie onder|beneden|in (?:het )?(?:rood|blauw|groen|vet)|in de tekst|tussen de regels",
    "Polish": r"poni[żz]ej|na (?:czerwono|niebiesko|zielono)|w (?:tre[śs]ci|tek[śs]cie)|pod spodem",
    "Russian": r"ниже|красным|синим|зел[её]ным|в тексте|жирным",
    "Ukrainian": r"нижче|червоним|синім|у тексті",
    "Czech, Slovak": r"n[íi][žz]e|ni[žz][šs]ie|[čc]erven[ěe]|modře|modrou|v textu",
    "Swedish": r"nedan|h[äa]r under|i (?:rött|blått|grönt|texten)|med (?:rött|blått)",
    "Danish, Norwegian": r"nedenfor|(?:se|svar\w*) under|herunder|med (?:rødt|blåt?t)|i (?:rødt|blåt?t|teksten)",
    "Finnish": r"(?:katso|vastau\w+|kommen\w+) alla|alla olev\w+|alempana|punaisella|sinisellä|"
    r"tekstin (?:seassa|joukossa)",
    "Turkish": r"aşağıda\w*|kırmızı|mavi (?:ile|renkle)|metin içinde",
    "Hungarian": r"al[áa]bb|lentebb|piros(?:sal)?|k[ée]kkel|a sz[öo]vegben",
    "Romanian": r"mai jos|cu ro[șs]u|[îi]n text",
    "Greek": r"παρακάτω|πιο κάτω|κόκκιν\w+|στο κείμενο",
    "Bulgarian, Serbian, Croatian, Slovene": r"по-долу|червено|испод|ispod|u nastavku|dolje|spodaj|crven\w+|rde[čc]\w+",
    "Japanese": r"以下|下記|文中|インライン|赤字|青字|行間",
    "Chinese": r"下面|以下|下文|如下|紅字|红字|红色|紅色|蓝色|藍色|原文中|文中",
    "Korean": r"아래|하단|본문|빨간|파란|인라인",
    "Arabic, Hebrew": r"أدناه|بالأحمر|باللون|למטה|להלן|באדום|בכחול|בגוף",
    "Vietnamese, Indonesian, Thai": r"bên dưới|dưới đây|màu đỏ|di bawah|warna merah|ด้านล่าง|สีแดง",
}
_ANNOUNCED = re.compile(rf"(?<![a-zà-ž])(?:{'|'.join(_SAID.values())})(?![a-zà-ž])", re.IGNORECASE)
_READ = 20_000


def announced(above: str) -> bool:
    """Whether these words send the reader into what stands below them."""
    return bool(_ANNOUNCED.search(above[-_READ:]))
