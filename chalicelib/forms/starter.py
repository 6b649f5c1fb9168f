"""A spreadsheet to start a questionnaire from: a short visit's, with an example of each trick."""

import io
from typing import Any

LANGUAGES = {"es": "Español (es)", "en": "English (en)", "pt": "Português (pt)"}
_NAMES = {"es": "cuestionario-visita", "en": "visit-questionnaire", "pt": "questionario-visita"}

Texts = tuple[str, str, str]  # es, en, pt
_NONE: Texts = ("", "", "")

# type, name, label, hint, then what is said once: required, relevant, constraint, its message,
# calculation, choice_filter, appearance, parameters, default.
_ROWS: tuple[tuple[str, str, Texts, Texts, dict[str, Any]], ...] = (
    ("begin_group", "vivienda", ("El domicilio", "The home", "A residência"), _NONE, {}),
    (
        "select_one tipo", "tipo_vivienda",
        ("Tipo de vivienda", "Kind of home", "Tipo de moradia"), _NONE, {"required": "yes"},
    ),
    (
        "select_one tenencia", "tenencia",
        ("¿Es propia o rentada?", "Owned or rented?", "É própria ou alugada?"), _NONE,
        {"choice_filter": "tipo = '*' or tipo = ${tipo_vivienda}"},
    ),
    (
        "image", "fachada", ("Foto de la fachada", "Photo of the front", "Foto da fachada"),
        ("Sin personas", "Without people", "Sem pessoas"), {},
    ),
    ("end_group", "", _NONE, _NONE, {}),
    ("begin_group", "acuerdo", ("El acuerdo", "The agreement", "O acordo"), _NONE, {}),
    ("hidden", "saldo", _NONE, _NONE, {"default": "0"}),
    (
        "select_one si_no", "propone",
        ("¿Propone cómo pagar?", "Is there a proposal to pay?", "Propõe como pagar?"),
        _NONE, {"required": "yes"},
    ),
    (
        "range", "pagos", ("¿En cuántos pagos?", "In how many payments?", "Em quantas parcelas?"),
        _NONE, {"relevant": "${propone} = 'si'", "parameters": "start=1 end=6 step=1"},
    ),
    (
        "decimal", "monto_mensual",
        ("Monto de cada pago", "Amount of each payment", "Valor de cada parcela"), _NONE,
        {
            "relevant": "${propone} = 'si'", "required": "yes", "constraint": ". > 0",
            "message": (
                "Escriba un monto mayor que cero", "Write an amount above zero",
                "Escreva um valor maior que zero",
            ),
        },
    ),
    ("calculate", "total", _NONE, _NONE, {"calculation": "${pagos} * ${monto_mensual}"}),
    (
        "note", "resumen",
        ("Serían ${total} en total", "That would be ${total} in all", "Seriam ${total} no total"),
        _NONE, {"relevant": "${total} > 0"},
    ),
    ("end_group", "", _NONE, _NONE, {}),
    (
        "begin_repeat", "telefono",
        ("Teléfono nuevo", "New phone", "Telefone novo"), _NONE, {},
    ),
    (
        "text", "numero", ("Número", "Number", "Número"),
        ("Con lada, solo dígitos", "With area code, digits only", "Com DDD, só dígitos"),
        {
            "appearance": "numbers", "constraint": "regex(., '[0-9]{8,13}')",
            "message": (
                "Entre 8 y 13 dígitos", "Between 8 and 13 digits", "Entre 8 e 13 dígitos",
            ),
        },
    ),
    ("end_repeat", "", _NONE, _NONE, {}),
    (
        "image", "firma",
        ("Firma de quien atendió", "Signature of who was met", "Assinatura de quem atendeu"),
        ("Solo si está de acuerdo", "Only if they agree", "Somente se concordar"),
        {"appearance": "signature"},
    ),
    ("text", "notas", ("Notas", "Notes", "Notas"), _NONE, {"appearance": "multiline"}),
)  # fmt: skip
_CHOICES: tuple[tuple[str, str, Texts, str], ...] = (
    ("si_no", "si", ("Sí", "Yes", "Sim"), ""),
    ("si_no", "no", ("No", "No", "Não"), ""),
    ("tipo", "casa", ("Casa", "House", "Casa"), ""),
    ("tipo", "departamento", ("Departamento", "Flat", "Apartamento"), ""),
    ("tipo", "local", ("Local comercial", "Shop", "Loja"), ""),
    ("tenencia", "propia", ("Propia", "Owned", "Própria"), "*"),
    ("tenencia", "rentada", ("Rentada", "Rented", "Alugada"), "*"),
    ("tenencia", "familiar", ("De un familiar", "A relative's", "De um familiar"), "casa"),
    ("tenencia", "traspaso", ("En traspaso", "Being transferred", "Em repasse"), "local"),
)
_SAID_ONCE = (
    "required", "relevant", "constraint", "calculation", "choice_filter", "appearance",
    "parameters", "default",
)  # fmt: skip
_HELP: dict[str, tuple[str, ...]] = {
    "es": (
        "survey: una pregunta por renglón. type dice de qué clase es, name la nombra sin espacios.",
        "choices: las opciones de cada lista; select_one tipo toma las de la lista tipo.",
        "relevant: cuándo se pregunta, p. ej. ${propone} = 'si'.",
        "constraint: qué debe cumplir la respuesta, que se escribe con un punto: . > 0.",
        "constraint_message: lo que lee el gestor cuando no se cumple.",
        "choice_filter: qué opciones quedan, por una columna propia de choices.",
        "calculation: lo que se calcula solo; ${total} lo muestra en una etiqueta.",
        "Los textos van en tres columnas, una por idioma; puede quitar las que no use.",
        "Una pregunta hidden cuyo nombre conoce el expediente llega con su dato: saldo, moneda,"
        " dias_mora, tramo, nombre, ciudad.",
        "Clases: text, integer, decimal, range, date, time, dateTime, select_one, select_multiple,"
        " rank, acknowledge, note, image, geopoint, barcode, calculate, hidden.",
    ),
    "en": (
        "survey: one question a row. type says of what kind, name names it without blanks.",
        "choices: the choices of each list; select_one tipo takes those of the list tipo.",
        "relevant: when it is asked, such as ${propone} = 'si'.",
        "constraint: what the answer, written as a dot, must be: . > 0.",
        "constraint_message: what the agent reads when it is not.",
        "choice_filter: which choices are left, by a column of your own in choices.",
        "calculation: what is computed; ${total} shows it in a label.",
        "Texts are in three columns, one a language; take away those you do not use.",
        "A hidden question whose name the case knows comes with its figure: saldo (balance),"
        " moneda, dias_mora, tramo, nombre, ciudad.",
        "Kinds: text, integer, decimal, range, date, time, dateTime, select_one, select_multiple,"
        " rank, acknowledge, note, image, geopoint, barcode, calculate, hidden.",
    ),
    "pt": (
        "survey: uma pergunta por linha. type diz de que tipo é, name a nomeia sem espaços.",
        "choices: as opções de cada lista; select_one tipo usa as da lista tipo.",
        "relevant: quando se pergunta, por exemplo ${propone} = 'si'.",
        "constraint: o que a resposta, escrita com um ponto, deve cumprir: . > 0.",
        "constraint_message: o que o agente lê quando não cumpre.",
        "choice_filter: quais opções ficam, por uma coluna própria em choices.",
        "calculation: o que se calcula sozinho; ${total} mostra o valor em um texto.",
        "Os textos ficam em três colunas, uma por idioma; tire as que não usar.",
        "Uma pergunta hidden cujo nome o caso conhece já vem com o dado: saldo, moneda, dias_mora,"
        " tramo, nombre, ciudad.",
        "Tipos: text, integer, decimal, range, date, time, dateTime, select_one, select_multiple,"
        " rank, acknowledge, note, image, geopoint, barcode, calculate, hidden.",
    ),
}


def starter(language: str) -> tuple[str, bytes]:
    """
    Make the spreadsheet; *language* is of its name, its help and the form's first language.

    Returns:
        A file name and the ``.xlsx``.
    """
    import xlsxwriter

    order = sorted(LANGUAGES, key=lambda code: code != language)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})

        def write(name: str, rows: list[list[str]], widths: tuple[int, ...]) -> None:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(at, column, cell, bold if at == 0 else None)
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)

        write("survey", _survey(order), (20, 18, *[34] * 6, *[24] * 11))
        write("choices", _choices(order), (14, 16, 24, 24, 24, 12))
        title = {"es": "Visita", "en": "Visit", "pt": "Visita"}[language]
        write(
            "settings",
            [["form_title", "form_id", "default_language"], [title, "visita", LANGUAGES[language]]],
            (24, 18, 20),
        )
        heading = {"es": "Cómo se llena", "en": "How to fill it in", "pt": "Como preencher"}
        write("ayuda", [[heading[language]], *[[line] for line in _HELP[language]]], (110,))
    return f"{_NAMES[language]}.xlsx", out.getvalue()


def _survey(order: list[str]) -> list[list[str]]:
    places = [list(LANGUAGES).index(code) for code in order]
    header = ["type", "name"]
    for column in ("label", "hint", "constraint_message"):
        header += [f"{column}::{LANGUAGES[code]}" for code in order]
    rows = [[*header, *_SAID_ONCE]]
    for kind, name, label, hint, more in _ROWS:
        message: Texts = more.get("message", _NONE)
        texts = [text[at] for text in (label, hint, message) for at in places]
        rows.append([kind, name, *texts, *(str(more.get(key, "")) for key in _SAID_ONCE)])
    return rows


def _choices(order: list[str]) -> list[list[str]]:
    places = [list(LANGUAGES).index(code) for code in order]
    header = ["list_name", "name", *(f"label::{LANGUAGES[code]}" for code in order), "tipo"]
    rows = [[kind, name, *(label[at] for at in places), of] for kind, name, label, of in _CHOICES]
    return [header, *rows]
