"""
Parts of names with about the frequency they have in each language.

A person is a draw of given name and two surnames: they name nobody. Weights are rough
counts per thousand, from memory of published civil registry rankings.
"""

from random import Random
from unicodedata import combining, normalize

SPANISH_GIVEN = (
    "María Guadalupe:38 Juan Carlos:24 José Luis:30 María:34 Juana:16 Margarita:14 Verónica:14 "
    "Francisco:22 Antonio:18 Jesús:16 Miguel Ángel:20 Pedro:12 Alejandro:15 Manuel:13 "
    "Leticia:13 Rosa María:12 Alejandra:12 Patricia:13 Gabriela:12 Elizabeth:10 Martha:11 "
    "Teresa:10 Roberto:10 Fernando:10 Jorge:13 Ricardo:10 Eduardo:10 Javier:9 Daniel:9 Luis:9 "
    "Adriana:9 Araceli:7 Yolanda:8 Silvia:8 Sandra:8 Claudia:7 Norma:6 Ana María:7 Karla:5 "
    "Diana:5 Rocío:5 Óscar:7 Raúl:7 Sergio:7 Arturo:6 Gerardo:6 Enrique:6 Héctor:6 Armando:5 "
    "Itzel:3 Citlali:2 Ximena:3 Fernanda:4 Valeria:3 Diego:4 Emiliano:2 Iván:4 Rubén:4 "
    "Concepción:4 Esperanza:3 Josefina:4 Ángel:4 Víctor Manuel:4 Lucía:4 Beatriz:4 Alma:3 "
    "Abigail:3 Agustín:4 Alberto:7 Alfonso:5 Alfredo:6 Alicia:7 Alma Delia:3 Amalia:3 Andrea:5 "
    "Andrés:5 Angélica:6 Antonia:7 Benjamín:3 Blanca:5 Brenda:5 Carlos:11 Carmen:6 Carolina:4 "
    "Catalina:4 Cecilia:4 César:5 Cristina:5 Cristóbal:2 Daniela:5 David:8 Delia:3 Dolores:4 "
    "Edgar:5 Elena:5 Elías:2 Elsa:3 Elvira:3 Emilio:3 Emma:2 Enriqueta:2 Erika:4 Ernesto:4 "
    "Esteban:3 Eva:4 Fabiola:3 Felipe:6 Félix:3 Fidel:2 Francisca:7 Gloria:5 Graciela:4 "
    "Gregorio:3 Guillermo:6 Gustavo:5 Hilda:3 Hugo:4 Ignacio:5 Irma:5 Isabel:5 Ismael:4 Jaime:5 "
    "Jessica:5 Joel:3 Jonathan:3 Josué:2 Julia:4 Julio César:5 Laura:8 Leonardo:3 Lilia:3 "
    "Lorena:4 Lourdes:4 Luz María:4 Magdalena:4 Marcela:3 Marco Antonio:6 Maribel:3 Mario:6 "
    "Martín:6 Mauricio:3 Mayra:3 Mercedes:3 Mónica:5 Nancy:4 Nicolás:3 Octavio:3 Ofelia:3 "
    "Olga:3 Omar:4 Pablo:4 Pascual:2 Rafael:7 Ramón:6 Raquel:3 Rebeca:2 René:3 Reyna:3 "
    "Rodolfo:4 Rodrigo:3 Salvador:5 Samuel:4 Santiago:3 Saúl:3 Socorro:3 Sofía:4 Susana:4 "
    "Tomás:4 Ulises:2 Vicente:4 Yesenia:3 Zoila:1"
)
SPANISH_SURNAMES = {
    "MX": (
        "Hernández:46 García:35 Martínez:33 López:32 González:31 Rodríguez:23 Pérez:28 "
        "Sánchez:25 Ramírez:23 Cruz:18 Flores:18 Gómez:16 Morales:12 Vázquez:11 Reyes:11 "
        "Jiménez:11 Torres:10 Díaz:10 Gutiérrez:9 Mendoza:9 Ruiz:9 Aguilar:8 Ortiz:8 Moreno:8 "
        "Castillo:8 Romero:7 Álvarez:7 Méndez:7 Chávez:7 Rivera:7 Juárez:6 Ramos:6 Domínguez:6 "
        "Herrera:5 Medina:5 Castro:5 Vargas:5 Guzmán:4 Velázquez:4 Muñoz:4 Rojas:4 Contreras:4 "
        "Salazar:4 Luna:3 Ortega:3 Santiago:3 Guerrero:3 Estrada:3 Bautista:3 Cortés:3 Soto:3 "
        "Alvarado:3 Ibarra:2 Peña:2 Zavala:2 Xochihua:1 Tlapale:1 Cuautle:1 Tecuapetla:1 "
        "Acosta:4 Aguirre:4 Alonso:3 Antonio:4 Arellano:4 Arias:3 Arroyo:3 Ávila:5 Ayala:5 "
        "Barajas:2 Barrera:3 Becerra:3 Beltrán:3 Benítez:3 Bernal:3 Blanco:3 Bravo:3 Cabrera:4 "
        "Calderón:4 Camacho:5 Campos:5 Cano:3 Cárdenas:5 Carrillo:5 Castañeda:5 Cervantes:6 "
        "Cisneros:3 Colín:2 Córdova:4 Corona:4 Coronado:3 Cortez:4 Cuevas:4 De Jesús:4 De la "
        "Cruz:8 De León:4 Delgado:7 Duarte:3 Durán:4 Enríquez:4 Escobar:3 Escobedo:3 Espinosa:5 "
        "Espinoza:6 Esquivel:4 Fernández:7 Figueroa:5 Franco:4 Fuentes:5 Galindo:3 Gallegos:4 "
        "Galván:4 Gallardo:3 Garza:7 Granados:3 Guevara:4 Guillén:3 Hidalgo:2 Huerta:4 Jasso:2 "
        "Lara:6 Leal:2 León:6 Lozano:4 Lucas:2 Macías:4 Maldonado:6 Marín:4 Márquez:6 Mata:3 "
        "Mejía:6 Meza:5 Miranda:5 Molina:6 Montes:4 Mora:4 Murillo:3 Nava:6 Navarrete:3 "
        "Navarro:6 Nolasco:2 Núñez:6 Ochoa:4 Olivares:3 Olvera:5 Orozco:5 Osorio:4 Pacheco:6 "
        "Padilla:6 Palacios:4 Palma:3 Paredes:3 Parra:4 Pascual:2 Pineda:4 Ponce:4 Quintero:3 "
        "Rangel:5 Rentería:3 Reséndiz:2 Ríos:5 Robles:5 Rocha:4 Romo:2 Rosales:5 Rosas:5 "
        "Rubio:4 Saldaña:3 Salinas:6 Sandoval:7 Santos:6 Serrano:6 Sierra:3 Silva:7 Solano:2 "
        "Solís:6 Sosa:5 Suárez:6 Tapia:5 Téllez:3 Toledo:3 Trejo:5 Trujillo:4 Valdez:5 "
        "Valencia:5 Valenzuela:4 Vega:6 Velasco:5 Vera:3 Vidal:3 Villa:4 Villanueva:4 "
        "Villarreal:4 Villegas:4 Zamora:5 Zamudio:2 Zárate:3 Zúñiga:5"
    ),
    "CL": (
        "González:30 Muñoz:24 Rojas:18 Díaz:17 Pérez:15 Soto:13 Contreras:11 Silva:11 "
        "Martínez:10 Sepúlveda:10 Morales:9 Rodríguez:9 López:9 Araya:7 Fuentes:8 Hernández:8 "
        "Torres:8 Espinoza:8 Flores:7 Castillo:7 Valenzuela:7 Ramírez:6 Reyes:6 Gutiérrez:6 "
        "Castro:6 Vargas:6 Álvarez:6 Vásquez:5 Tapia:5 Fernández:5 Sánchez:5 Cortés:5 Núñez:4 "
        "Jara:4 Vergara:4 Riquelme:4 Figueroa:4 Bravo:3 Huenchumán:1 Curihual:1 Painemal:1"
    ),
    "CO": (
        "Rodríguez:30 Gómez:22 González:22 Martínez:22 García:21 López:20 Hernández:16 "
        "Sánchez:15 Ramírez:15 Pérez:14 Díaz:13 Muñoz:11 Rojas:10 Moreno:10 Jiménez:10 Torres:9 "
        "Ortiz:8 Vargas:8 Castro:8 Gutiérrez:8 Álvarez:7 Ruiz:7 Quintero:6 Suárez:6 Cárdenas:5 "
        "Ospina:4 Restrepo:4 Arango:3 Giraldo:4 Zapata:3 Mosquera:3 Palacios:3 Buitrago:2 "
        "Chaparro:2"
    ),
}
PORTUGUESE_GIVEN = (
    "Maria:58 José:29 Ana:25 João:15 Antônio:13 Francisco:9 Carlos:8 Paulo:7 Pedro:6 Lucas:6 "
    "Luiz:6 Marcos:6 Luís:5 Gabriel:5 Rafael:4 Daniel:4 Marcelo:4 Bruno:3 Eduardo:3 Felipe:3 "
    "Francisca:4 Antônia:3 Adriana:3 Juliana:3 Márcia:3 Fernanda:3 Patrícia:3 Aline:3 Sandra:2 "
    "Camila:2 Amanda:2 Bruna:2 Jéssica:2 Letícia:2 Júlia:2 Luciana:2 Vanessa:2 Rita:2 Luzia:1"
)
PORTUGUESE_SURNAMES = (
    "Silva:50 Santos:39 Oliveira:32 Souza:28 Rodrigues:19 Ferreira:17 Alves:17 Pereira:16 "
    "Lima:14 Gomes:13 Costa:12 Ribeiro:11 Martins:10 Carvalho:9 Almeida:9 Lopes:8 Soares:8 "
    "Fernandes:7 Vieira:7 Barbosa:6 Rocha:6 Dias:5 Nascimento:6 Andrade:5 Moreira:5 Nunes:4 "
    "Marques:4 Machado:4 Mendes:4 Freitas:4 Cardoso:4 Ramos:3 Gonçalves:4 Teixeira:3 Araújo:4"
)
TRADES = (  # noqa: SIM905 - reads better as words
    "Abarrotes Ferretería Papelería Farmacia Refaccionaria Tlapalería Panadería Distribuidora "
    "Comercializadora Dulcería Mueblería Zapatería Vinatería Cremería Materiales Electrónica"
).split()
TRADE_NAMES = (  # noqa: SIM905 - reads better as words
    "La Golondrina|El Ahuehuete|Los Volcanes|La Jacaranda|El Colibrí|San Isidro|La Guacamaya|"
    "El Tecolote|Tres Hermanos|La Esperanza|El Zempasúchil|La Noria|Del Valle|El Faro|La Estrella|"
    "El Quetzal|Santa Lucía|La Mazorca|El Cenzontle|La Palma|Los Portales|El Trébol|La Cascada|"
    "El Obelisco|Anáhuac|La Alameda|El Molino|Las Camelias|El Roble|La Concordia"
).split("|")


def given_names(country: str) -> tuple[list[str], list[int]]:
    """Given names of a country and their weights."""
    return _weighted(PORTUGUESE_GIVEN if country == "BR" else SPANISH_GIVEN)


def surnames(country: str) -> tuple[list[str], list[int]]:
    """Surnames of a country and their weights."""
    return _weighted(PORTUGUESE_SURNAMES if country == "BR" else SPANISH_SURNAMES[country])


def pool(parts: tuple[list[str], list[int]], chance: Random, size: int) -> list[str]:
    """Draw ``size`` names once, so that a plain index into them keeps the frequencies."""
    return chance.choices(*parts, k=size)


def plain(text: str) -> str:
    """
    Upper-case ASCII letters and spaces only, as tax offices write names.

    >>> plain("María Ibáñez")
    'MARIA IBANEZ'
    """
    bare = "".join(letter for letter in normalize("NFD", text) if not combining(letter))
    return bare.upper()


def _weighted(text: str) -> tuple[list[str], list[int]]:
    names, weights = [], []
    for name, _, weight in (part.rpartition(":") for part in _split(text)):
        names.append(name)
        weights.append(int(weight))
    return names, weights


def _split(text: str) -> list[str]:
    """Cut ``"María Guadalupe:38 Juan:24"`` after each weight: names may hold spaces."""
    parts, words = [], []
    for word in text.split():
        words.append(word)
        if ":" in word:
            parts.append(" ".join(words))
            words = []
    return parts
