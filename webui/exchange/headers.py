"""What columns are called, by language and program. Data only; `columns` reads it.

Each name is compared by its words, folded (`key`). What is listed under
`kept` is known but has no field yet: it stays with the person.
"""

import re

from webui.store.values.text import fold

_WORDS = re.compile(r"[^\W_]+")


def key(header: str) -> str:
    """Return the form in which column names are compared: "E-mail 1 - Value" is "e mail 1 value"."""
    return " ".join(_WORDS.findall(fold(header)))


_NAMES = """
uid: uid
username: username | user name | login | login name | benutzername | nom d utilisateur | nombre de usuario
  | usuario | nome utente | anvandarnamn | gebruikersnaam | nazwa uzytkownika
given: given | given name | first name | firstname | forename | givenname | vorname | rufname | prenom |
  nombre | nombre de pila | nome | nome proprio | fornamn | voornaam | fornavn | etunimi | imie | jmeno |
  keresztnev | ad | имя | 名 | vornamen
family: family | family name | last name | lastname | surname | sn | nachname | familienname | zuname |
  nom | nom de famille | apellido | apellidos | cognome | sobrenome | efternamn | achternaam | etternavn |
  efternavn | sukunimi | nazwisko | prijmeni | vezeteknev | soyad | фамилия | 姓
full_name: name | full name | fullname | nom complet | nombre completo | nome completo | vollstandiger
  name | namn | naam | navn | nimi | nazwa | имя и фамилия | 氏名 | 名前 | 姓名 | student | member | person |
  contact | contact name | ονομα
display_name: display name | displayname | anzeigename | nom affiche | nom a afficher | nombre a mostrar |
  nombre para mostrar | nome visualizzato | nome da visualizzare | nome de exibicao | visningsnamn |
  schermnaam | weergavenaam | wyswietlana nazwa | nazwa wyswietlana | zobrazovane jmeno | visningsnavn |
  отображаемое имя | 表示名
file_as: file as | speichern unter
prefix: prefix | name prefix | honorific prefix | salutation | anrede | namenszusatz | civilite | titel |
  tratamiento
additional: additional | additional name | middle name | middlename | middle names | weitere vornamen |
  zweiter vorname | deuxieme prenom | segundo nombre | secondo nome | mellannamn | tweede naam |
  tussenvoegsel
suffix: suffix | name suffix | honorific suffix | suffixe | sufijo | suffisso | namenssuffix
nickname: nickname | nick name | nick | spitzname | surnom | pseudonyme | apodo | soprannome | apelido |
  smeknamn | bijnaam | kallenavn | kaelenavn | lempinimi | pseudonim | prezdivka | псевдоним | ニックネーム
email: email | e mail | emails | e mails | mail | email address | e mail address | e mail adresse | email
  adresse | mailadresse | primary email | secondary email | additional email | primare e mail adresse |
  sekundare e mail adresse | zusatzliche e mail adresse | adresse e mail | adresse electronique | courriel
  | premiere adresse electronique | adresse electronique secondaire | adresse electronique supplementaire
  | correo | correo electronico | correo principal | correo secundario | direccion de correo electronico |
  indirizzo email | indirizzo e mail | posta elettronica | email primaria | email secondaria | e post |
  epost | e postadress | e mailadres | primair e mailadres | secundair e mailadres | e postadresse |
  sahkoposti | adres e mail | podstawowy adres e mail | dodatkowy adres e mail | электронная почта | адрес
  электронной почты | メールアドレス | 第一メールアドレス | 電子メール
tags: tag | tags | label | labels | group | groups | group membership | category | categories | gruppe |
  gruppen | kategorie | kategorien | schlagworter | groupe | groupes | categorie | grupo | grupos |
  categoria | categorias | gruppo | gruppi | grupp | grupper | groep | groepen | keywords
note: note | notes | notiz | notizen | bemerkung | bemerkungen | anmerkung | anmerkungen | remarque |
  remarques | nota | notas | commento | comment | comments | anteckning | anteckningar | notities |
  opmerkingen | merknad | notatka | uwagi | заметки | メモ
organisation: organisation | organization | organisation name | organization name | organization 1 name |
  company | company name | firm | firma | unternehmen | societe | entreprise | empresa | organizacion |
  azienda | societa | organizzazione | organizacao | foretag | bedrijf | organisatie | организация |
  компания | 会社 | 組織 | 勤務先
phone: phone | phones | phone number | telephone | tel | mobile | mobile phone | mobile number | cell |
  cell phone | home phone | home phone 2 | work phone | business phone | business phone 2 | primary phone
  | other phone | car phone | radio phone | company main phone | callback | isdn | telefon | telefonnummer
  | handy | mobil | mobiltelefon | tel dienstlich | tel privat | mobil tel nr | telefon geschaftlich |
  telefon privat | telefon privat 2 | telefon mobil | weiteres telefon | haupttelefon | telephone mobile |
  tel professionnel | telefono | movil | telefono movil | cellulare | telefoon | mobiel | telemovel |
  telefone | puhelin | телефон | 電話 | 携帯電話 | 自宅電話 | 勤務先電話
kept: birthday | birth date | date of birth | dob | birth year | birth month | birth day | geburtstag |
  geburtsdatum | anniversary | address | adresse | street | city | zip | zip code | postal code | country
  | home address | home city | work address | business street | business city | home street | job title |
  title | position | department | abteilung | url | website | web page | web page 1 | webseite | gender |
  geschlecht | photo | connected on | value | date | age | school | house | photo url
guard: guarded
ignored: roster reason | created at | updated at
"""


def _read(listed: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in re.split(r"\n(?! )", listed.strip()):
        target, _colon, names = entry.partition(":")
        found |= {key(name): target for name in names.split("|")}
    return found


NAMES = _read(_NAMES)

# "Nom" beside "Prénom" is the family name; alone it is the whole one.
WHOLE_WHEN_ALONE = {key(name) for name in ("nom", "nombre", "nome", "имя", "名", "imię", "ad")}

# Names with a number in them, and which program a header comes from: all of these columns are in it.
NUMBERED = (
    (re.compile(r"e ?mail \d+ value"), "email"),
    (re.compile(r"e ?mail \d+ (label|type)"), "email_label"),
    (re.compile(r"e ?mail \d+ (address|adresse)|e ?mail \d+|email address \d+"), "email"),
    (re.compile(r"e ?mail( \d+)? (type|typ)"), "email_type"),
    (re.compile(r"phone \d+ value|phone \d+|tel(efon)? \d+"), "phone"),
    (re.compile(r"organi[sz]ation \d+ name"), "organisation"),
)
PROGRAMS = (
    ("roster", {"uid", "username", "display name", "given", "family"}),
    ("google-old", {"given name", "family name", "e mail 1 value"}),
    ("google", {"first name", "last name", "e mail 1 value"}),
    ("outlook", {"first name", "last name", "e mail address", "e mail display name"}),
    ("outlook", {"vorname", "nachname", "e mail adresse", "e mail typ"}),
    ("outlook-com", {"first name", "last name", "e mail address", "given yomi"}),
    ("linkedin", {"first name", "last name", "company", "connected on"}),
    ("thunderbird", {"display name", "primary email"}),
    ("thunderbird", {"anzeigename", "primare e mail adresse"}),
    ("thunderbird", {"nom a afficher", "premiere adresse electronique"}),
    ("thunderbird", {"表示名"}),
)
