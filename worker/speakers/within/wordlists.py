"""Word lists for names: titles, nouns for people, words of bodies and places, and words that are never names.

Titles, particles and suffixes of names come from the library nameparser; these lists contain the words that it lacks.
"""

from nameparser.config.particles import PARTICLES as LIBRARY_PARTICLES
from nameparser.config.suffixes import SUFFIX_WORDS
from nameparser.config.titles import TITLES as LIBRARY_TITLES


def word_set(listing: str) -> frozenset[str]:
    """Return the words of a text that are separated by white space."""
    return frozenset(listing.split())


PERSON_HEADS = word_set(
    """
    president vice-president vice-minister vice-premier vice-chairman minister premier chancellor secretary
    spokesman spokeswoman spokesperson senator
    congressman congresswoman representative lawmaker legislator governor mayor leader chief chairman chairwoman chair
    director head manager strategist adviser advisor aide diplomat negotiator ambassador envoy coordinator counterpart
    commander general admiral colonel officer sheriff prosecutor attorney lawyer judge justice candidate nominee
    frontrunner front-runner rival challenger mogul billionaire businessman businesswoman executive ceo founder owner
    host anchor journalist reporter editor author writer columnist professor researcher scientist economist analyst
    expert pollster activist cleric ayatollah pope bishop priest rabbi imam king queen prince princess actor actress
    singer star coach player captain doctor teacher student nurse resident voter supporter critic member official
    politician democrat republican socialist independent speaker whip treasurer commissioner deputy man woman boy girl
    mother father son daughter wife husband brother sister uncle widow victim suspect witness neighbor neighbour
    driver farmer worker veteran soldier fighter hopeful standard-bearer newcomer freshman incumbent correspondent
    striker midfielder defender goalkeeper keeper winger batsman bowler pitcher quarterback linebacker golfer boxer
    sprinter swimmer cyclist skipper organizer organiser choreographer composer guitarist drummer
    bassist trader broker fund-manager salesman saleswoman peer backbencher filmmaker film-maker producer novelist poet
    playwright sculptor photographer cameraman chef surgeon psychologist sociologist biologist physicist chemist
    geologist astronomer meteorologist ecologist epidemiologist criminologist engineer architect technician
    inspector superintendent detective investigator consultant banker investor entrepreneur developer designer artist
    director-general secretary-general boss moderator presenter blogger tycoon magnate historian
    """
)
"""Nouns that can be the head (main noun) of a description of a person: "the Russian foreign minister"."""
BODY_WORDS = word_set(
    """
    ministry department committee council commission agency bureau office administration government cabinet
    parliament congress senate house court tribunal party union association federation confederation institute
    institution university college school academy foundation fund bank company corporation corp inc ltd llc group
    organization organisation center centre campaign pac coalition alliance league society service services police
    force army navy guard embassy authority board times post news journal tribune herald gazette magazine press
    network radio television tv channel reuters politico poll survey report study statement newspaper paper website
    site firm team club church show watch partners directorate project kremlin majlis pentagon nations league city
    debates review county state district caucus democrats republicans conservatives ministries companies media
    broadcaster outlet publication daily globe examiner observer plc limited incorporated hospital guild assembly
    chamber trust
    """
)
"""Words that show that a name is the name of a body: "the Foreign Ministry"."""
LEGAL = word_set("inc corp co ltd plc llc ag sa nv spa gmbh oy ab limited corporation incorporated")
"""Words at the end of a company's name, which its short forms and its acronym may leave out."""
COMPANY_WORDS = word_set(
    """
    airlines airways aerospace motors motor industries industrie industria groupe gruppe grupo gruppo holdings holding
    communications energy oil
    gas petroleum water electric electricity electronics power systems international technologies technology securities
    bancorp bancshares stores foods pharmaceuticals telecom telecommunications telekom mining minerals resources
    insurance assurance life mutual financial finance trust associates entertainment pictures records brothers bros
    software microsystems computer computers semiconductor semiconductors networks instruments laboratories breweries
    brewing hotels railways railway rail lines enterprises ventures partnership products chemicals chemical steel paper
    data labs capital management investments investment properties markets exchange cars aircraft publishing wireless
    healthcare biotech online interactive logistics freight shipping healthcare sciences therapeutics gold copper
    """
)
"""Words that often end the name of a company: "Wessex Water"."""
BODY_NOUNS = word_set(
    """
    company firm group giant maker carrier airline bank brokerage retailer insurer manufacturer producer miner supplier
    operator developer utility publisher broadcaster newspaper paper magazine daily weekly website site agency party
    contractor ministry department union club team side band studio chain conglomerate corporation subsidiary unit
    parent
    partner consortium automaker carmaker chipmaker lender builder builders brewer distributor provider exchange
    regulator watchdog charity think-tank thinktank institute university hospital school court council commission
    committee government administration army police network station channel label store supermarket
    """
)
"""Nouns that describe a body: "the company"."""
THINGS = word_set("poll survey report study statement statements figures data index")
"""Nouns behind a name for what it published: the poll is not Harris."""
INSTITUTIONS = word_set(
    "foundation association federation festival board panel guild facility alliance coalition museum"
)
"""More nouns that mean a body whose name has them: "the foundation"."""
COMPANIES = word_set(
    """
    company firm group giant maker carrier airline bank brokerage retailer insurer manufacturer producer miner supplier
    operator developer utility publisher broadcaster chain conglomerate corporation subsidiary automaker carmaker
    chipmaker lender builder brewer distributor provider studio label partner
    """
)
"""Nouns for companies: any body whose name does not say what it is can be meant by them."""
BODY_NAMES = word_set(
    "un eu nato fbi cia nsa irs epa fda imf who iaea opec cnn bbc nbc abc cbs msnbc npr ap afp gop dnc rnc"
)
"""Acronyms that are names of bodies."""
PORTFOLIOS = word_set(
    """
    resources affairs culture sports energy health defence defense interior trade finance education agriculture justice
    transport tourism environment labour labor state security intelligence industry commerce communications operations
    """
)
"""Words that can be the end of an office before a name: "Minister of Water Resources Adnan Sarraf"."""
PLACES = word_set(
    """
    iran russia china ukraine israel france germany britain england scotland wales ireland america canada mexico japan
    india pakistan afghanistan iraq syria lebanon turkey egypt libya yemen qatar saudi arabia cuba venezuela brazil
    spain italy greece poland hungary sweden norway finland denmark australia korea vietnam
    alabama alaska arizona arkansas colorado connecticut delaware hawaii idaho illinois indiana kansas kentucky
    louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska oklahoma oregon
    pennsylvania tennessee utah vermont wisconsin wyoming
    new york hampshire jersey north south east west korea carolina dakota rhode island los angeles san francisco
    united states kingdom wall street
    washington moscow beijing tehran kiev kyiv london paris berlin brussels ankara damascus baghdad jerusalem riyadh
    doha vienna geneva tokyo seoul pyongyang texas florida ohio iowa nevada california virginia georgia
    """
)
"""Countries, towns and states, and single words of their names ("new", "united")."""
NATIONALITIES = word_set(
    """
    afghan african albanian algerian american angolan argentine argentinian armenian asian australian austrian
    azerbaijani azeri bahraini bangladeshi basque belarusian belarussian belgian bhutanese bolivian bosnian brazilian
    british briton bruneian bulgarian burmese cambodian cameroonian canadian catalan chechen chilean chinese colombian
    congolese croat croatian cuban cypriot czech dane danish dominican dutch dutchman ecuadorean ecuadorian egyptian
    emirati english englishman englishwoman eritrean estonian ethiopian european fijian filipino finn finnish flemish
    french frenchman frenchmen frenchwoman gambian georgian german ghanaian greek guatemalan guinean guyanese haitian
    honduran hungarian icelandic indian indonesian iranian iraqi irish irishman irishwoman israeli italian ivorian
    jamaican japanese jordanian kazakh kenyan korean kosovan kurdish kuwaiti kyrgyz laotian latvian lebanese liberian
    libyan lithuanian macedonian malagasy malawian malaysian malian maltese mauritanian mauritian mexican moldovan
    mongolian montenegrin moroccan mozambican namibian nepalese nicaraguan nigerian norwegian omani pakistani
    palestinian panamanian papuan paraguayan peruvian polish portuguese qatari romanian russian rwandan salvadoran
    samoan saudi scot scotsman scotswoman scottish senegalese serb serbian singaporean slovak slovene slovenian somali
    spaniard spanish sudanese surinamese swazi swede swedish swiss syrian taiwanese tajik tanzanian thai togolese tongan
    trinidadian tunisian turk turkish turkmen ugandan ukrainian uruguayan uzbek venezuelan vietnamese welsh welshman
    welshwoman yemeni zambian zealander zimbabwean
    """
)
"""Adjectives and nouns for the people of a country, which stand before a name: "American Robby Ginepri"."""
OTHER_TITLES = word_set(
    """
    mr mrs ms miss mx sen sens rep reps gov govs hojjatoleslam hojatoleslam hojjat hujjat sheikh shaikh haj hajj
    seyyed
    sayyid republican democratic democrat conservative liberal independent former then-president ex-president
    president-elect
    congressman congresswoman lawmaker nominee candidate frontrunner spokesman spokeswoman spokesperson negotiator
    coordinator pollster strategist premier chancellor then-candidate senate-candidate rival counterpart chairwoman
    chairman state billionaire mogul columnist host assemblyman assemblywoman councilman councilwoman mayor
    sheriff premier whip trustee councillor cllr alderman brigadier pc ds dc di dci dsi emeritus hajji
    undersecretary supervisor boss justices shri smt alhaji engr hrh
    professors princes senators presidents ministers governors messrs
    insp det supt constable sergeant lieutenant corporal reeve
    """
)
"""Titles, and words of titles, that the lists of nameparser do not have."""
AMBIGUOUS_TITLES = word_set(
    """
    king bishop pope judge field law count duke earl baron dean major page chief prior abbot marshal cardinal knight
    rich young hall first deacon squire usher lord father brother sister family group english british stand flag
    singer player rider driver mother master reeve
    """
)
"""Titles that can be names too: "Peter King". Inside a run they are titles only after a title, a body or a place."""
MODIFIERS = word_set(
    """
    advertising air analytics appellate ballet biblical blues british burlesque business civil classical corporate
    credit criminal customs designated discovery district division docket family federal field film financial first
    flag flying foreign forester group high information intelligence kingdom knowledge legal literary marketing
    mathematics military most municipal mystery national opera operating petty police political private public rear
    revenue right rock royal security soccer social software special staff state states strategy supreme tax technical
    television theater theatre travel united us voice will de la ma pa so do
    """
)
"""Words that nameparser lists as titles only because titles contain them: "Homeland Security Secretary"."""
TITLES = (frozenset(LIBRARY_TITLES) | OTHER_TITLES) - MODIFIERS
"""Words that can be a title before a name."""
PARTICLES = frozenset(LIBRARY_PARTICLES) & word_set(
    "van von de da di del della dos du der den bin ibn bint al el abu la le ter"
)
"""Words in lower case inside a surname: "von der Leyen"."""
SUFFIXES = frozenset(SUFFIX_WORDS) & word_set("jr sr ii iii iv esq esquire junior senior md phd")
"""Words that follow a name and belong to it: "Vann Newkirk II"."""
POSTNOMINALS = word_set("kc qc sc mp mep msp mla mna td ms obe mbe cbe kbe dbe ao am oam")
"""Ranks and honours that follow a name and do not belong to it: "Miriam Askew KC"."""
COURTESY = word_set("mr mrs ms miss mx dr")
"""Titles that do not name an office."""
FEMALE_TITLES = word_set("mrs ms miss madam lady queen princess congresswoman chairwoman spokeswoman councilwoman")
"""Titles that only women have."""
MALE_TITLES = word_set("mr sir lord king prince congressman spokesman councilman hojjatoleslam ayatollah sheikh imam")
"""Titles that only men have."""
FEMALE_HEADS = FEMALE_TITLES | word_set(
    "woman girl mother mom daughter wife sister aunt widow grandmother niece actress businesswoman heiress hostess nun"
)
"""Words that show that a description means a woman."""
MALE_HEADS = MALE_TITLES | word_set(
    "man boy father dad son husband brother uncle widower grandfather nephew actor businessman bishop pope monk priest"
)
"""Words that show that a description means a man."""
REIGNING = word_set("pope king queen prince princess emperor empress emir sultan tsar patriarch")
"""Titles of people who are known by one name: "Pope Urban"."""
KIN = word_set(
    "mother father son daughter wife husband brother sister uncle aunt widow widower niece nephew cousin spouse mom dad"
)
"""Nouns for somebody's relation."""
PREPOSITIONS = word_set(
    "of for from at in on with to by about after during near against under inside outside behind within like including"
)
"""Prepositions that follow the noun at the head of a source: "a spokesman for …"."""
RELATIVES = frozenset(("who", "whose", "whom", "which", "where"))
"""Words that begin a relative clause, whose names are not those of the speaker: "Lowco, whose brands include Ferro"."""
POSSESSIVE_ENDINGS = ("'s", "’s", "'", "’")
SURNAME_TITLES = (
    PERSON_HEADS
    | OTHER_TITLES
    | REIGNING
    | word_set(
        """
        dr gen col lt sgt capt adm maj cpl prof professor rev reverend sir lord dame lady rabbi father sister brother
        hon saint senor monsieur madame herr frau crown cardinal archbishop deacon pastor chaplain dean
        """
    )
)
"""Titles after which a single word is a name: "Senator Dahl". After other titles it is not: "Judicial Watch"."""
DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday")
NON_NAMES = word_set(
    """
    the a an this that these those his her its their our my your i he she it they we you who what when where why how
    and or but nor yet so if as at by for from in into of off on onto out over to under up with without about after
    against among because before between during since than though through until while also according asked both each
    even every however indeed instead just last later meanwhile more most much no not nothing now once one only other
    despite unlike amid given whether
    perhaps maybe rather several some still such then there thus too two three well yes all any
    another many although whereas whenever wherever whoever whichever unless besides moreover furthermore nevertheless
    meantime earlier near inside outside behind within including was is are were has have had did does would could
    should
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december today yesterday tomorrow tonight speaking asked referring noting citing dear
    """
)
"""Words that are never part of a name, even if they have a capital: "Despite", "Monday"."""
INDEFINITE = word_set(
    """
    a an some many several few one two three four five six seven eight nine ten most others people officials sources
    critics experts analysts aides supporters voters lawmakers republicans democrats those both another someone nobody
    everyone anyone somebody anybody everybody staff fishermen neither none dozens hundreds thousands diplomats
    observers activists residents witnesses
    conservatives liberals americans women men all any each every no advisers donors users members opponents
    """
)
"""Words at the start or head of a source that show that it means nobody in particular: "some officials"."""
QUANTIFIERS = word_set(
    "a an one two three four five six ten some many several few most all any each every another neither"
)
"""Those before a noun that show that the source is not who has the name behind them: "one Lowmark Republican"."""
SINGULAR = word_set("a an another one someone somebody each every")
"""Those of them that can mean one person."""
