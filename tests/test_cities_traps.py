"""Sentences that name a city, and sentences that only seem to."""

from __future__ import annotations

import pytest

from searcher.article import Article, Provider
from searcher.places import find_cities

NAMED = [
    ("A hurricane warning was issued in Mobile, Ala., on Friday.", "Mobile, Alabama"),
    ("The festival in Nice, France, drew thousands of visitors.", "Nice, France"),
    ("A man was arrested by police in Reading on Tuesday.", "Reading, United Kingdom"),
    ("The fire began in Vancouver, Washington, shortly after noon.", "Vancouver, Washington"),
    ("Two people were hurt in Newark, OH, officials said.", "Newark, Ohio"),
    ("Two people were hurt in Newark, N.J., officials said.", "Newark, New Jersey"),
    ("BOSTON (AP) - The city council voted on Monday.", "Boston, Massachusetts"),
    ("BOSTON, Mass. — The council voted on Monday.", "Boston, Massachusetts"),
    ("GATINEAU, QC / ACCESSWIRE / May 10, 2021 / The company has a product.", "Gatineau, Quebec"),
    ("The mayor of Boston signed the order.", "Boston, Massachusetts"),
    ("Police in Chicago are looking for a driver.", "Chicago, Illinois"),
    ("She moved to Paris, Texas, in 1999.", "Paris, Texas"),
    ("Protesters gathered in Paris on Saturday.", "Paris, France"),
    ("The company opened an office in London, Ontario.", "London, Ontario"),
    ("Hundreds marched through London on Sunday.", "London, United Kingdom"),
    ("The startup is based in Bangalore.", "Bengaluru, India"),
    ("The startup is based in Bengaluru.", "Bengaluru, India"),
    ("A storm hit St. Louis overnight.", "St. Louis, Missouri"),
    ("A storm hit Saint Louis overnight.", "St. Louis, Missouri"),
    ("Officials in New York City closed the bridge.", "New York City, New York"),
    ("The museum opened in New York in May.", "New York City, New York"),
    ("Residents of Brooklyn complained to the mayor.", "New York City, New York"),
    ("The trial began in Portland, Maine, on Monday.", "Portland, Maine"),
    ("The trial began in Portland, Oregon, on Monday.", "Portland, Oregon"),
    ("Rescuers arrived in Kyiv after the attack.", "Kyiv, Ukraine"),
    ("Rescuers arrived in Kiev after the attack.", "Kyiv, Ukraine"),
    ("The conference will be held in Sydney in March.", "Sydney, New South Wales"),
    ("A bus crashed near Nairobi on Thursday.", "Nairobi, Kenya"),
    ("Cambridge City Council in Massachusetts banned it.", "Cambridge, Massachusetts"),
    ("The plant in Winston-Salem, N.C., will close.", "Winston-Salem, North Carolina"),
    ("Doctors in Melbourne tested the vaccine.", "Melbourne, Victoria"),
    ("A fire in London, Laurel County, killed two.", "London, Kentucky"),
    (
        "Police in St. John's, Newfoundland, made an arrest.",
        "St. John's, Newfoundland and Labrador",
    ),
    ("Thousands of pilgrims arrived in Mecca, Saudi Arabia.", "Makkah, Saudi Arabia"),
    ("Rescue teams reached Aleppo, Syria, at dawn.", "Aleppo, Syria"),
    ("WASHINGTON (AP) — The Senate voted on Monday.", "Washington, District of Columbia"),
    ("A hearing was held in Washington on Monday.", "Washington, District of Columbia"),
    ("That is what she hopes. Paris was flooded, police said.", "Paris, France"),
    ("Police in Lancaster, Pa., said so.", "Lancaster, Pennsylvania"),
    ("Police in Kansas City, Mo., said so.", "Kansas City, Missouri"),
    ("Officials in King’s Lynn, England, closed the road.", "King's Lynn, United Kingdom"),
    ("Police in Coeur d'Alene, Idaho, arrested a man.", "Coeur d'Alene, Idaho"),
    ("Police in Val-d’Or, Quebec, arrested a man.", "Val-d'Or, Quebec"),
    ("BOSTON'S council met on Tuesday.", "Boston, Massachusetts"),
    ("A meeting in BOSTON’S city hall was held.", "Boston, Massachusetts"),
    (
        "Police in ST. JOHN'S, Newfoundland, arrested a man.",
        "St. John's, Newfoundland and Labrador",
    ),
    ("HOUSTON (AP) — The council met. Whitney Houston sang.", "Houston, Texas"),
    ("PARIS — The council met. Paris Hilton was there. Hilton sang.", "Paris, France"),
]

LISTED = [
    ("Offices in Paris, Texas, and Dover, Delaware, closed.", "Paris, Texas; Dover, Delaware"),
    ("Offices in Paris, Texas, and Austin closed.", "Paris, Texas; Austin, Texas"),
    ("Offices in London, Ontario, and Toronto closed.", "London, Ontario; Toronto, Ontario"),
    (
        "Schools in Moscow, Idaho, and Pullman, Washington, closed.",
        "Moscow, Idaho; Pullman, Washington",
    ),
    (
        "Shops in London, Kentucky and Berlin, Wisconsin, opened.",
        "London, Kentucky; Berlin, Wisconsin",
    ),
    ("Offices in Lima, Ohio, and Cairo, Illinois.", "Lima, Ohio; Cairo, Illinois"),
    ("Police in Lima, Ohio, and Lima, Peru, met.", "Lima, Ohio; Lima, Peru"),
    ("Fires in Athens, Georgia, and Cairo, Georgia, on Sunday.", "Athens, Georgia; Cairo, Georgia"),
    (
        "Offices in Boston, New York and Chicago closed.",
        "Boston, Massachusetts; New York City, New York; Chicago, Illinois",
    ),
    ("NEW YORK/LONDON (Reuters) - Stocks fell.", "New York City, New York; London, United Kingdom"),
    ("DALLAS/FORT WORTH — The airport closed.", "Dallas, Texas; Fort Worth, Texas"),
]

NOT_NAMED = [
    "Paris Hilton launched a new perfume.",
    "The actress Sydney Sweeney stars in the film.",
    "A novel by Jack London was sold at auction.",
    "Jack London wrote The Call of the Wild.",
    "Mark Houston was elected on Tuesday.",
    "Mobile phones were banned in class.",
    "Reading scores fell again last year.",
    "Nice weather is expected this week.",
    "Of the ten, three were found.",
    "Washington imposed sanctions on two banks.",
    "Berlin warned Moscow of new sanctions.",
    "New York Gov. Kathy Hochul signed the bill.",
    "Schools closed in Jackson and Barrow counties.",
    "Schools closed in Jackson, Madison, Butler, Warren, Clark, Greene, Darke or Preble counties.",
    "Schools closed in the counties of Jackson, Madison and Butler.",
    "Cattle at a farm in Surrey, UK, were tested.",
    "The church is in southern California, United States.",
    "The Boston Herald reported the story first.",
    "Cambridge Analytica harvested the data of millions.",
    "The New York Post published the letter.",
    "Boston Dynamics showed a new robot.",
    "Researchers at Boston University studied the samples.",
    "Researchers at the University of Oxford studied the samples.",
    "The Chicago Bulls won the game.",
    "The Los Angeles Times won three prizes.",
    "The Houston Chronicle endorsed the senator.",
    "Lawmakers in the state of Washington passed the bill.",
    "The bill affects California, Oregon, Washington and Idaho.",
    "Massachusetts lawmakers want a moratorium.",
    "Harvard and MIT published the study.",
    "Officials at the Rose Bowl defended the program.",
    "South Wales police used the cameras.",
    "The Kansas City Chiefs traded a player.",
    "Orlando Bloom attended the premiere.",
    "The Denver Broncos signed a quarterback.",
    "Lincoln County approved the budget.",
    "The Georgia Legislature adjourned early.",
    "The Chamber of Commerce met at noon.",
]


def labels(text: str) -> set[str]:
    """The cities of a sentence as an article's excerpt, under a title that names none."""
    cities = find_cities(Article("trap", "What happened this week", text))
    return {city.label for city in cities}


@pytest.mark.parametrize(("sentence", "label"), NAMED)
def test_named(sentence: str, label: str) -> None:
    """A city that a sentence names is found, as the city that is meant, and no other."""
    assert labels(sentence) == {label}


@pytest.mark.parametrize(("sentence", "named"), LISTED)
def test_listed(sentence: str, named: str) -> None:
    """Of cities one after another each is found, with its own state."""
    assert labels(sentence) == set(named.split("; "))


@pytest.mark.parametrize("sentence", NOT_NAMED)
def test_not_named(sentence: str) -> None:
    """Persons, papers, teams, firms, schools, states, counties and common words are no cities."""
    assert labels(sentence) == set()


@pytest.mark.parametrize(
    "filed",
    [
        "BOSTON (AP) - ",
        "BOSTON, Mass. (AP) — ",
        "BOSTON (State House News Service) – ",
        "BOSTON, May 3 (Reuters) - ",
        "BOSTON, Mass., May 3, 2021 (GLOBE NEWSWIRE) -- ",
        "BOSTON, May 3, 2021 /PRNewswire/ -- ",
        "BOSTON--(BUSINESS WIRE)--",
        "BOSTON, MA / ACCESSWIRE / May 3, 2021 / ",
    ],
)
def test_a_dateline_may_have_a_date_and_an_agency(filed: str) -> None:
    """Where a report was filed is what it is about, in whichever form agencies write it."""
    (city,) = find_cities(Article("a", "", f"{filed}The council voted."))
    assert (city.label, city.role) == ("Boston, Massachusetts", "about")


def test_a_hyphen_within_a_word_is_no_dateline() -> None:
    """ "Boston-based" says where a firm is, not where the report was filed."""
    (city,) = find_cities(Article("a", "", "Boston-based Acme raised money."))
    assert city.role == "mentioned"


def test_quebec_province_and_city() -> None:
    """Quebec is a province, in whose name a city is found only where the text says so."""
    assert labels("The province of Quebec raised the tax.") == set()
    assert labels("Crowds filled the streets of Quebec City.") == {"Quebec City, Quebec"}


def test_publisher_is_no_city() -> None:
    """Who published an article says nothing about where it plays."""
    provider = Provider("Miami Herald", "miamiherald.com")
    article = Article("a", "Senate passes the bill", "Senators voted late.", provider=provider)
    assert find_cities(article) == ()


def test_one_sense_per_article() -> None:
    """A name with its state beside it once means the same city wherever it stands bare."""
    article = Article("a", "Springfield votes", "Springfield, Ill., voted. Springfield won.")
    [city] = find_cities(article)
    assert city.label == "Springfield, Illinois"
    assert city.role == "about"
    assert len(city.evidence) == 3


def test_two_senses_where_the_text_says_so() -> None:
    """Two cities of one name are two cities where each has its state beside it."""
    found = labels("A train runs from Portland, Maine, to Portland, Oregon.")
    assert found == {"Portland, Maine", "Portland, Oregon"}


def test_evidence_spans_are_the_words() -> None:
    """The evidence's span in its field is the evidence's text, and its cue says what decided."""
    text = "Officials in Newark, N.J., closed the road."
    [city] = find_cities(Article("a", "Road closed", text))
    [evidence] = city.evidence
    assert text[evidence.start : evidence.end] == evidence.text == "Newark"
    assert (evidence.field, evidence.cue) == ("excerpt", "N.J. beside it")
