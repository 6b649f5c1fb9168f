"""The words of each language that dates and amounts are made of, on folded text."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    ES = "es"
    PT = "pt"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """
    Patterns are regular expressions on folded text.

    Args:
        relative: Pattern -> days from today; the first that fits wins.
        weekdays: Pattern -> ISO weekday, Monday = 1.
        next_week: What after a weekday moves it to the next calendar week.
        month_first: Whether 5/12 is 12 May.
    """

    relative: tuple[tuple[str, int], ...]
    weekdays: tuple[tuple[str, int], ...]
    before_weekday: str
    next_week: str
    in_n: str
    ago_n: str
    units: tuple[tuple[str, str], ...]
    numbers: dict[str, int]
    a_week_on: str
    a_month_on: str
    month_end: str
    month_start: str
    month_middle: str
    half_month: str
    weekend: str
    working_day: str
    day_of_month: str
    next_month: str
    months: tuple[str, ...]
    month_first: bool
    all_of_it: str
    half_of_it: str
    thousand: str
    money: str


_ES_MONTHS = (
    "enero|ene", "febrero|feb", "marzo|mar", "abril|abr", "mayo|may", "junio|jun", "julio|jul",
    "agosto|ago", "septiembre|setiembre|sept|sep|set", "octubre|oct", "noviembre|nov",
    "diciembre|dic",
)  # fmt: skip
_PT_MONTHS = (
    "janeiro|jan", "fevereiro|fev", "marco|mar", "abril|abr", "maio|mai", "junho|jun",
    "julho|jul", "agosto|ago", "setembro|set", "outubro|out", "novembro|nov", "dezembro|dez",
)  # fmt: skip
_EN_MONTHS = (
    "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul",
    "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec",
)  # fmt: skip

WORDS = {
    Language.ES: Words(
        relative=(
            (r"pasado manana", 2),
            (r"(?<!por la )(?<!en la )(?<!de la )(?<!esta )(?<!a la )manana", 1),
            (r"ante ?ayer|antier", -2),
            (r"anoche|ayer", -1),
            (r"hoy( mismo)?|esta (tarde|noche|manana)|en un rato|al rato", 0),
        ),
        weekdays=(
            ("lunes", 1), ("martes", 2), ("miercoles", 3), ("jueves", 4), ("viernes", 5),
            ("sabado", 6), ("domingo", 7),
        ),
        before_weekday=r"(?:el |este |proximo |para el |del )*",
        next_week=(
            r" (?:de |en )?(?:la )?"
            r"(?:proxima semana|otra semana|siguiente semana|semana (?:que viene|que entra"
            r"|siguiente|proxima|entrante))"
        ),
        in_n=r"(?:en|dentro de|de aqui a|a los|a las|unos|unas)(?: unos| unas)? {n} {unit}",
        ago_n=r"hace(?: unos| unas)? {n} {unit}",
        units=(("dias?", "day"), ("semanas?|semanitas?", "week"), ("mes(?:es)?", "month")),
        numbers={
            "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
            "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "quince": 15, "veinte": 20,
            "treinta": 30, "par de": 2,
        },
        a_week_on=(
            r"(?:la )?(?:proxima semana|otra semana|siguiente semana"
            r"|semana (?:que viene|que entra|siguiente|proxima|entrante))"
        ),
        a_month_on=r"(?:el )?(?:proximo mes|otro mes|mes (?:que viene|que entra|proximo|entrante))",
        month_end=(
            r"(?:a |para |el )*(?:fin|fines|final|finales|ultimo|ultimos|cierre) "
            r"(?:de|del)(?: este)? mes|fin de mes"
        ),
        month_start=(
            r"(?:a |para )*(?:principios?|inicios?|comienzos?|primeros dias) (?:de|del) mes"
        ),
        month_middle=r"(?:a )?(?:mediados|mitad) (?:de|del) mes",
        half_month=(
            r"(?:(?:la |esta |proxima |siguiente |en |otra )*quincena(?: que viene| que entra)?"
            r"|dia de (?:pago|paga|cobro|raya)|(?:cuando|en cuanto|apenas) (?:me paguen|cobre)"
            r"|cuando me (?:caiga|llegue) la (?:nomina|quincena))"
        ),
        weekend=r"(?:el |este |en el )*(?:fin de semana|finde)",
        working_day=r"(?!x)x",
        day_of_month=r"(?:(?:el|para el|antes del|hasta el) (?:dia )?|dia ){d}",
        next_month=r" (?:del|de este) (?:proximo mes|otro mes|mes (?:que viene|proximo|entrante))",
        months=_ES_MONTHS,
        month_first=False,
        all_of_it=r"\b(?:todo|toda|total|completo|completa|liquido|liquidar|por completo)\b",
        half_of_it=r"\b(?:la mitad|el 50 ?%|el cincuenta por ciento)\b",
        thousand=r"mil|lucas?|k",
        money=r"pesos?|pesitos|mxn|varos|baros|soles?|dolares?|usd|euros?|guaranies|bolivianos",
    ),
    Language.PT: Words(
        relative=(
            (r"depois de amanha", 2),
            (r"amanha", 1),
            (r"anteontem|antes de ontem", -2),
            (r"ontem", -1),
            (r"hoje( mesmo)?|esta (tarde|noite)|hj|daqui a pouco", 0),
        ),
        weekdays=(
            (r"segunda(?:[ -]feira)?(?! via)", 1), (r"terca(?:[ -]feira)?", 2),
            (r"quarta(?:[ -]feira)?", 3), (r"quinta(?:[ -]feira)?", 4),
            (r"sexta(?:[ -]feira)?", 5), ("sabado", 6), ("domingo", 7),
        ),
        before_weekday=r"(?:na |no |nesta |neste |esta |este |proxima |proximo |para |pra |ate )*",
        next_week=r" (?:da|na) (?:proxima semana|semana que vem|outra semana)",
        in_n=r"(?:em|dentro de|daqui a|daqui|com mais)(?: uns| umas)? {n} {unit}",
        ago_n=r"(?:ha|faz)(?: uns| umas)? {n} {unit}",
        units=(("dias?", "day"), ("semanas?", "week"), ("mes(?:es)?", "month")),
        numbers={
            "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6,
            "sete": 7, "oito": 8, "nove": 9, "dez": 10, "quinze": 15, "vinte": 20, "trinta": 30,
        },
        a_week_on=r"(?:na |a )?(?:proxima semana|semana que vem|outra semana)",
        a_month_on=r"(?:no |o )?(?:proximo mes|mes que vem|outro mes)",
        month_end=r"(?:no |ate o |pro |para o )*(?:fim|final|ultimo dia) (?:do|deste) mes",
        month_start=r"(?:no )?(?:comeco|inicio|primeiros dias) do mes",
        month_middle=r"(?:no )?meio do mes|meados do mes",
        half_month=(
            r"(?:na |proxima |esta )*quinzena|dia (?:de|do) pagamento"
            r"|quando (?:eu )?(?:receber|me pagarem|cair o (?:salario|pagamento))"
        ),
        weekend=r"(?:no |neste |este )*(?:fim de semana|fds|final de semana)",
        working_day=r"(?:no )?(?P<nth>\d{1,2})o? dia util|(?:no )?(?P<word>quinto) dia util",
        day_of_month=r"(?:no dia|ate o dia|ate dia|para o dia|pro dia|dia) {d}",
        next_month=r" (?:do|de) (?:proximo mes|mes que vem)",
        months=_PT_MONTHS,
        month_first=False,
        all_of_it=r"\b(?:tudo|total|inteiro|completo|a vista|quitar|quito)\b",
        half_of_it=r"\b(?:a metade|metade|50 ?%)\b",
        thousand=r"mil|k",
        money=r"reais|real|conto|contos|pila|pilas|brl|dolares?|euros?",
    ),
    Language.EN: Words(
        relative=(
            (r"(?:the )?day after tomorrow", 2),
            (r"tomorrow|tmrw|tmr|tomorow", 1),
            (r"(?:the )?day before yesterday", -2),
            (r"yesterday|last night", -1),
            (r"today|tonight|this (?:morning|afternoon|evening)|later on", 0),
        ),
        weekdays=(
            (r"monday|mon", 1), (r"tuesday|tues?", 2), (r"wednesday|wed", 3),
            (r"thursday|thurs?|thu", 4), (r"friday|fri", 5), (r"saturday|sat", 6),
            (r"sunday|sun", 7),
        ),
        before_weekday=r"(?:on |this |next |coming |by |the |until |before )*",
        next_week=r" (?:of )?next week",
        in_n=r"(?:in|within|after)(?: about| around)? {n} {unit}",
        ago_n=r"{n} {unit} ago",
        units=(("days?", "day"), ("weeks?", "week"), ("months?", "month")),
        numbers={
            "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "seven": 7, "eight": 8, "nine": 9, "ten": 10, "fifteen": 15, "twenty": 20,
            "thirty": 30, "a couple of": 2, "couple of": 2,
        },
        a_week_on=r"next week|the week after",
        a_month_on=r"next month",
        month_end=r"(?:the )?end of (?:the |this )?month|month end",
        month_start=r"(?:the )?(?:beginning|start|first) of (?:the |next )?month",
        month_middle=r"(?:the )?middle of (?:the )?month|mid ?-?month",
        half_month=r"(?:my |next |on )*pay ?day|when i get paid|when i(?: am|'m)? paid",
        weekend=r"(?:on |at |this |the |over )*weekend",
        working_day=r"(?!x)x",
        day_of_month=r"(?:(?:on|by|before|until) )?the {d}(?:st|nd|rd|th)?",
        next_month=r" of next month",
        months=_EN_MONTHS,
        month_first=True,
        all_of_it=(
            r"\b(?:all of it|everything|in full|full amount|the total|whole (?:amount|thing)"
            r"|pay(?:ing)? all|pay it off)\b"
        ),
        half_of_it=r"\b(?:half|50 ?%)\b",
        thousand=r"thousand|grand|k",
        money=r"dollars?|bucks?|usd|pesos?|euros?|reais|soles",
    ),
}  # fmt: skip
