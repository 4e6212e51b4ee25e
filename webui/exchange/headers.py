"""What columns are called, by language and program. Data only; `columns` reads it.

Each name is compared by its words, folded (`key`): first as a whole, then without the words that say which of
several it is (LABELS). What is listed under `kept` is known but has no field: it stays with the person.
"""

import re

from webui.store.values.text import fold

_WORDS = re.compile(r"[^\W_]+")


def key(header: str) -> str:
    """Return the form in which column names are compared: "E-mail 1 - Value" is "e mail 1 value"."""
    return " ".join(_WORDS.findall(fold(header)))


# Our own column of what has no field, whoever it came with.
EXTRA = "_kept_as_it_came"

_NAMES = """
uid: uid
username: username | user name | login | login name | benutzername | nom d utilisateur | nombre de usuario |
  usuario | nome utente | anvandarnamn | gebruikersnaam | nazwa uzytkownika
given: given | given name | first name | firstname | forename | givenname | vorname | rufname | prenom |
  nombre | nombre de pila | nome | nome proprio | fornamn | voornaam | fornavn | etunimi | imie | jmeno |
  keresztnev | ad | имя | 名 | vornamen
family: family | family name | last name | lastname | surname | sn | nachname | familienname | zuname | nom
  | nom de famille | apellido | apellidos | cognome | sobrenome | efternamn | achternaam | etternavn |
  efternavn | sukunimi | nazwisko | prijmeni | vezeteknev | soyad | фамилия | 姓
full_name: name | full name | fullname | nom complet | nombre completo | nome completo | vollstandiger name
  | namn | naam | navn | nimi | nazwa | имя и фамилия | 氏名 | 名前 | 姓名 | student | member | person |
  contact | contact name | ονομα
display_name: display name | displayname | anzeigename | nom affiche | nom a afficher | nombre a mostrar |
  nombre para mostrar | nome visualizzato | nome da visualizzare | nome de exibicao | visningsnamn |
  schermnaam | weergavenaam | wyswietlana nazwa | nazwa wyswietlana | zobrazovane jmeno | visningsnavn |
  отображаемое имя | 表示名
file_as: file as | speichern unter
prefix: prefix | name prefix | honorific prefix | salutation | anrede | namenszusatz | civilite | titel |
  tratamiento | personaltitle
additional: additional | additional name | middle name | middlename | middle names | weitere vornamen |
  zweiter vorname | deuxieme prenom | segundo nombre | secondo nome | mellannamn | tweede naam |
  tussenvoegsel
suffix: suffix | name suffix | honorific suffix | suffixe | sufijo | suffisso | namenssuffix |
  generationqualifier
nickname: nickname | nick name | nick | spitzname | surnom | pseudonyme | apodo | soprannome | apelido |
  smeknamn | bijnaam | kallenavn | kaelenavn | lempinimi | pseudonim | prezdivka | псевдоним | ニックネーム
email: email | e mail | emails | e mails | mail | email address | e mail address | e mail adresse | email
  adresse | mailadresse | primary email | secondary email | additional email | primare e mail adresse |
  sekundare e mail adresse | zusatzliche e mail adresse | adresse e mail | adresse electronique | courriel |
  premiere adresse electronique | adresse electronique secondaire | adresse electronique supplementaire |
  correo | correo electronico | correo principal | correo secundario | direccion de correo electronico |
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
phonetic: phonetic | pronunciation | aussprache | phonetic first name | phonetic middle name | phonetic last
  name | given yomi | surname yomi | yomi name | given name yomi | additional name yomi | family name yomi |
  furigana | ふりがな | フリガナ
organisation: organisation | organization | organisation name | organization name | company | company name |
  firm | firma | unternehmen | societe | entreprise | empresa | organizacion | azienda | societa |
  organizzazione | organizacao | foretag | bedrijf | organisatie | организация | компания | 会社 |
  組織 | 勤務先
department: department | organization department | organisation department | abteilung | departement |
  departamento | dipartimento | reparto | avdelning | afdeling | dzial | отдел | 部署 | 部門
job_title: job title | title | position | role | occupation | organization title | organisation title |
  beruf | funktion | stellung | fonction | poste | profession | cargo | puesto | ruolo | qualifica | titolo
  | yrke | befattning | functie | stanowisko | должность | 役職
birthday: birthday | born | fodd | geboren | birth date | birthdate | date of birth | dob | b day |
  geburtstag | geburtsdatum | geb | geb datum | geb am | geboren am |
  date de naissance | naissance | fecha de nacimiento |
  nacimiento | cumpleanos | data di nascita | compleanno | data de nascimento | aniversario |
  fodelsedag | fodelsedatum | geboortedatum |
  verjaardag | fodselsdag | fodselsdato | syntymapaiva | data urodzenia | urodziny | день рождения | дата
  рождения | 誕生日 | 生年月日
birth_year: birth year | year of birth | geburtsjahr | annee de naissance | ano de nacimiento | anno di
  nascita | fodelsear | geboortejaar | 誕生年
birth_month: birth month | geburtsmonat | mois de naissance | mes de nacimiento | mese di nascita | 誕生月
birth_day: birth day | geburtstag tag | jour de naissance | dia de nacimiento | giorno di nascita
phone: phones
address: addresses
link: links
handle: handles | screen name | imaddress | im address | messenger | chat
date: anniversary | wedding anniversary | wedding day | wedding | jahrestag | hochzeitstag | name day |
  namenstag | jubilaum | anniversaire de mariage | brollopsdag | huwelijksdag | 記念日
post: posts
photos: jpegphoto | thumbnailphoto
kept: photo | gender | geschlecht | connected on | value | date | dates | age | school | house | photo url
guard: guarded
ignored: roster reason | created at | updated at | kept as it came
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
# "Name" beside "Vorname" is the other part of it, where it does not hold that as well.
PART_BESIDE_PART = {"name", "namn", "naam", "navn", "nimi", "nazwa"}
CODE_AND_CITY = {"plz ort", "plz und ort", "plz wohnort", "plz stadt"}  # 22359 Lund, in one cell

# Words that say which of several it is, and what is said for them. "Fax" and "Mobile" alone are phones.
LABELS = _read("""
Home: home | privat | private | personal | domicile | casa | hem | thuis | domowy | prive | particulier |
  personale
Work: work | business | office | dienstlich | geschaftlich | arbeit | buro | professionnel | professionnelle
  | bureau | trabajo | trabalho | lavoro | ufficio | arbete | jobb | werk | zakelijk | praca | служебный
Other: other | weiteres | weitere | autre | otro | altro | annan | overig
Main: main
Car: car | autotelefon
Radio: radio
Callback: callback
ISDN: isdn
Mobile: mobile | mobil | cell | cellular | handy | handynummer | handynr | mobilnummer | mobilnr |
  mobiltelefon | movil | cellulare | mobiel | telemovel | gsm | matkapuhelin | komorka | celular | portable |
  smartphone | мобильный | 携帯電話
Fax: fax | telefax | faxnummer
Pager: pager | beeper
""")

# What is left of a name without those words and without a number behind it.
UNLABELLED = _read("""
phone: phone | haupttelefon | phone number | telephone | telephone number | tel | tel nr | tel no | telefon |
  telefonnummer
  | rufnummer | telefono | telefoon | telefoonnummer | telefone | puhelin | numero de telephone | primary
  phone | company phone | numer telefonu | телефон | 電話 | 自宅電話 | 勤務先電話
email: email | e mail | mail | email address | e mail address | e mail adresse | email adresse | epost
link: website | web site | web page | webpage | web | url | homepage | home page | webseite
  | internetseite | site web | sitio web | sito web | pagina web | hemsida | strona www | blog | сайт
  | ウェブページ
address: address | adresse | anschrift | postal address | full address | mailing address | direccion |
  domicilio | indirizzo | endereco | adress | adres | postanschrift | адрес | 住所
street: street | street address | address line | strasse | strasse und hausnummer | strasse hausnummer |
  strasse nr | strasse und nr | strasse hausnr | hausnummer | hausnr | house number | rue | calle | via |
  rua | gata | gatuadress | straat | ulica | улица | 番地
extra: extended address | adresszusatz | address extra | apartment
po_box: po box | p o box | address po box | postfach | boite postale | postbox
postal_code: postal code | zip | zip code | zipcode | postcode | post code | plz | postleitzahl | code
  postal | codigo postal | codice postale | postnummer | kod pocztowy | индекс | 郵便番号
city: city | town | ort | plz ort | plz und ort | plz wohnort | plz stadt | stadt | wohnort | ville |
  ciudad | citta | cidade | stad | postort | plaats | miasto | город | 市区町村
region: state | province | region | state province | bundesland | kanton | county | departement | provincia
  | estado | 都道府県
country: country | country region | land | land region | pays | pays region | pais | paese | kraj | страна |
  国
""")
HANDLES = {
    name.casefold(): name
    for name in (
        "Skype", "Jabber", "XMPP", "ICQ", "AIM", "MSN", "Telegram", "Signal", "Matrix", "Threema", "WhatsApp",
        "Discord", "Mastodon", "Twitter", "Facebook", "Instagram", "GitHub",
    )
}  # fmt: skip
ANY_HANDLE = {"handles", "imaddress", "im address", "messenger", "chat"}
ANNIVERSARIES = {"anniversary", "wedding anniversary", "jahrestag", "anniversaire de mariage", "記念日"}

KINDS = {"phone": "phone", "address": "address", "website": "link", "event": "date", "im": "handle"}
SENT = re.compile(r"roster sent \d.*")  # the mark of a sheet that went to someone to be edited
# Names with a number in them. KINDS says whose label a `detail_label` is, by its first word.
NUMBERED = (
    (SENT, "ignored"),
    (re.compile(r"e ?mail \d+ value"), "email"),
    (re.compile(r"e ?mail \d+ (label|type)|e ?mail label"), "email_label"),
    (re.compile(r"e ?mail \d+ (address|adresse)|e ?mail \d+|email address \d+"), "email"),
    (re.compile(r"e ?mail( \d+)? (type|typ)"), "email_type"),
    (re.compile(r"(primary|secondary) e ?mail \d+"), "email"),  # what LDIF has several of
    (re.compile(r"notes \d+"), "note"),
    (re.compile(r"screen name \d+"), "handle"),
    (re.compile(r"(jpeg|thumbnail)photo \d+"), "photos"),
    (re.compile(r"(phone|address|website|event|im) \d+ (label|type|service)"), "detail_label"),
    (re.compile(r"phone \d+ value"), "phone"),
    (re.compile(r"website \d+ value"), "link"),
    (re.compile(r"event \d+ value"), "date"),
    (re.compile(r"im \d+ value"), "handle"),
    (re.compile(r"address \d+ formatted"), "address"),
    (re.compile(r"address \d+ street"), "street"),
    (re.compile(r"address \d+ extended address"), "extra"),
    (re.compile(r"address \d+ po box"), "po_box"),
    (re.compile(r"address \d+ postal code"), "postal_code"),
    (re.compile(r"address \d+ city"), "city"),
    (re.compile(r"address \d+ region"), "region"),
    (re.compile(r"address \d+ country"), "country"),
    (re.compile(r"organi[sz]ation \d+ name"), "organisation"),
    (re.compile(r"organi[sz]ation \d+ title"), "job_title"),
    (re.compile(r"organi[sz]ation \d+ department"), "department"),
)
REASON = "roster reason"  # of a file of refused rows, whoever wrote what was refused
PROGRAMS = (
    ("roster", {"uid", "username", "display name", "given", "family"}),
    ("google-old", {"given name", "family name", "e mail 1 value"}),
    ("google", {"first name", "last name", "e mail 1 value"}),
    ("outlook", {"first name", "last name", "e mail address", "e mail display name"}),
    ("outlook", {"vorname", "nachname", "e mail adresse", "e mail typ"}),
    ("outlook-com", {"first name", "last name", "e mail address", "given yomi"}),
    ("monica", {"monica uuid"}),
    ("mailchimp", {"email address", "member rating"}),
    ("linkedin", {"first name", "last name", "company", "connected on"}),
    ("thunderbird", {"display name", "primary email"}),
    ("thunderbird", {"anzeigename", "primare e mail adresse"}),
    ("thunderbird", {"nom a afficher", "premiere adresse electronique"}),
    ("thunderbird", {"表示名"}),
)
