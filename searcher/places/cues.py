"""Words that tell a place from its namesakes. Only the lists are written by hand: how much each
counts is fitted (``weights.json``)."""

from __future__ import annotations

from typing import Final

__all__ = [
    *(
        "CAPITALS",
        "CLASS_AFTER",
        "CLASS_BEFORE",
        "GOVERNMENT",
        "INSTITUTIONS",
        "KIND_OF",
        "LEARNED",
        "STATE_OFFICES",
    ),
    "words",
]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOCATIVE: Final = words(
    "in at near outside around across throughout downtown inside within central suburban greater "
    "northern southern eastern western toward towards between"
)
MOVING: Final = words("from to into through via leaving visiting reached entered toward")
TITLE: Final = words(
    "mr mrs ms miss dr prof professor sir lord lady dame king queen prince princess pope father "
    "rev reverend bishop archbishop rabbi imam sheikh judge justice capt captain lt lieutenant col "
    "colonel gen general maj major sgt sergeant cpl officer detective det deputy sheriff chief "
    "sen senator rep representative congressman congresswoman gov governor president chairman "
    "chairwoman minister secretary ambassador commissioner councilman councilwoman coach actor "
    "actress singer author director producer attorney spokesman spokeswoman"
)
DIRECTION: Final = words(
    "north south east west northeast northwest southeast southwest upper lower new old mount lake "
    "port fort san santa saint st los las el la le cape point great grand little big glen upstate"
)
PLACE_WORD: Final = words("city town village suburb borough municipality capital port metropolis")
PLACE_HEAD: Final = words(
    "police mayor council city residents resident officials area suburb suburbs neighborhood "
    "neighbourhood school schools district airport hospital downtown municipal metro metropolitan "
    "fire firefighters firefighter man woman men women couple teen teenager boy girl family native "
    "native's home homes house hotel restaurant court courthouse courtroom jail prison office "
    "offices headquarters stadium library museum park zoo harbor harbour port station subway "
    "campus community communities citizens voters taxpayers commuters motorists cops detectives "
    "officers department departments aldermen selectmen planners streets street's mosque church "
    "synagogue cathedral nightclub marathon region based area's suburban public elementary middle "
    "high branch factory plant warehouse facility councilman councilwoman councillor"
)
PAPER: Final = words(
    "herald globe post times tribune gazette journal news chronicle star sun examiner telegraph "
    "guardian observer courier press dispatch record register bee mirror mail express standard "
    "enquirer inquirer sentinel monitor ledger review reporter magazine today daily weekly "
    "independent advertiser argus echo bulletin democrat republican leader advocate patch "
    "broadcasting radio tv fm newspaper newspapers crimson union-tribune intelligencer"
)
LEARNING: Final = words(
    "university college institute academy polytechnic seminary univ u school-of conservatory "
    "business-school law-school"
)
COMPANY: Final = words(
    "inc corp corporation co company ltd llc plc group holdings bank bancorp financial capital "
    "partners ventures industries technologies technology systems dynamics analytica scientific "
    "electric motors motor airlines airways railway railroad energy insurance pharmaceuticals "
    "pharma labs laboratories consulting software networks media entertainment studios records "
    "brewing brewery foods stores securities investments properties realty foundation society "
    "association federation trust fund league alliance coalition commission-on exchange mutual "
    "clinic stock properties reinsurance robotics semiconductor instruments biotech therapeutics "
    "market whip cream pie cheese terrier sauce chicken"
)
TEAM: Final = words(
    "sox yankees mets dodgers giants angels padres cubs cardinals brewers reds pirates phillies "
    "nationals braves marlins rays orioles jays twins tigers guardians indians royals astros "
    "rangers athletics mariners rockies diamondbacks patriots bills dolphins jets ravens steelers "
    "browns bengals colts texans titans jaguars broncos chiefs raiders chargers cowboys eagles "
    "redskins commanders bears lions packers vikings saints falcons panthers buccaneers rams "
    "seahawks 49ers niners celtics knicks nets raptors sixers 76ers bulls cavaliers pistons pacers "
    "bucks hawks hornets heat magic wizards nuggets timberwolves thunder blazers jazz warriors "
    "clippers lakers suns kings mavericks rockets grizzlies pelicans spurs bruins sabres canadiens "
    "senators islanders flyers penguins capitals hurricanes lightning canucks flames oilers "
    "avalanche stars predators blackhawks blues wild ducks sharks kraken coyotes maple leafs "
    "revolution galaxy fire fc united rovers wanderers albion athletic hotspur villa rangers "
    "wednesday thistle bulldogs tigers wildcats huskies crimson seminoles gators longhorns hokies "
    "spartans wolverines buckeyes badgers hawkeyes demons lancers knights trojans"
)
LAND: Final = words(
    "county counties parish state province shire township river lake bay valley island islands "
    "mountain mountains hills creek falls peninsula gulf sea strait straits ocean canyon desert "
    "basin canal dam bridge tunnel highway freeway expressway turnpike interstate forest glacier "
    "prefecture oblast region governorate republic archipelago beach harbor harbour sound cove pond"
)
ROAD: Final = words(
    "street st avenue ave road rd boulevard blvd drive lane ln court ct place pl parkway pkwy "
    "square plaza way terrace highway hwy circle garden gardens building tower "
    "center centre mall hall"
)
VERB: Final = words(
    "said says told is was has had will would could can did does announced declared asked called "
    "became becomes joins joined voted votes bans banned approves approved"
)
CLASS_BEFORE: Final = {
    word: name
    for name, group in (
        ("verb", VERB), ("direction", DIRECTION), ("moving", MOVING), ("locative", LOCATIVE),
        ("title", TITLE), ("place", PLACE_WORD),
    )
    for word in group
}  # fmt: skip
CLASS_AFTER: Final = {
    word: name
    for name, group in (
        ("verb", VERB), ("head", PLACE_HEAD), ("road", ROAD), ("land", LAND), ("team", TEAM),
        ("company", COMPANY), ("paper", PAPER), ("learning", LEARNING), ("place", PLACE_WORD),
    )
    for word in group
}  # fmt: skip

#: What "of" makes a name: "the villages of Nuli and Avnevi", "the county of Brăila".
KIND_OF: Final = {
    word: name
    for name, group in (
        ("place", PLACE_WORD | words("cities towns villages suburbs communities community resort")),
        ("land", LAND | words("states provinces district districts regions prefectures")),
        ("rank", TITLE | words("head church order name")),
        ("people", PLACE_HEAD),
    )
    for word in sorted(group)
}  # fmt: skip

#: What only governments do: "Washington imposed sanctions" names no city.
GOVERNMENT: Final = words(
    "imposed imposes imposing accused accuses condemned condemns warned warns insists insisted "
    "vowed vows threatened threatens denied denies rejected rejects urged urges retaliated "
    "recognised recognized recognizes sanctioned expelled pledged pledges agreed agrees maintains "
    "backs backed supports supported considers wants sees views believes hopes fears demanded "
    "demands signed ratified deployed"
)
#: Cities whose names stand for their governments.
CAPITALS: Final = words(
    "washington moscow beijing london paris berlin tehran tokyo brussels kyiv kiev pyongyang seoul "
    "ankara jerusalem islamabad canberra ottawa madrid rome riyadh damascus cairo havana caracas "
    "taipei baghdad kabul delhi hanoi jakarta warsaw budapest athens"
)
#: Offices that a state has and its namesake city lacks: "New York Gov.", "Washington state".
STATE_OFFICES: Final = words(
    "gov governor state legislature senate senator sen assembly assemblyman assemblywoman "
    "attorney lieutenant statehouse lawmakers legislators rep congressman congresswoman statewide "
    "republican democrat gop county counties"
)
#: "University of Boston" is no city, nor is "Bank of Baroda".
LEARNED: Final = words(
    "University Universities College Institute Chamber Bank Bishop Archbishop Archdiocese Diocese "
    "Duke Duchess Earl Lord Lady Baron Marquess Treaty Battle Republic Bay Gulf Lake Archduke Synod"
)
#: Places that are all but always universities, unless something says otherwise.
INSTITUTIONS: Final = words("harvard stanford vanderbilt rutgers purdue cornell tulane duke yale")
