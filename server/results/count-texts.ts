// Rounds and methods of a count in words, in the languages of the web app, whose sentences these are. SPEC 9.5.
import type { Language } from '#server/data/register.ts'

type Key =
  | 'option'
  | 'sum'
  | 'outcome'
  | 'elected'
  | 'seat'
  | 'seatsFilled'
  | 'nobody'
  | 'funded'
  | 'overBudget'
  | 'below'
  | 'afterStop'
  | 'unfunded'
  | 'tieCost'
  | 'tieOrder'
  | 'decisive'
  | 'harmless'
  | 'greedy'
  | 'threshold'
  | 'noSkip'
  | 'seats'
/** Sentences; what stands in braces is filled in. */
export type CountTexts = Readonly<Record<Key, string>>

export const COUNT_TEXTS: Readonly<Record<Language, CountTexts>> = {
  en: {
    option: 'Option',
    sum: 'Sum',
    outcome: 'Outcome',
    elected: 'Elected',
    seat: 'Elected, seat {seat}',
    seatsFilled: 'Not elected: all seats were taken',
    nobody: 'Not elected: nobody got a vote',
    funded: 'Funded: {left} are left',
    overBudget: 'Not funded: {cost} is more than the {left} that were left',
    below: 'Not funded: the sum is below {threshold}',
    afterStop: 'Not funded: the count had ended at a project that did not fit',
    unfunded: 'Not funded: no project got a vote',
    tieCost: 'As many as {others}; the cheaper came first.',
    tieOrder: 'As many as {others}; the order of the list decided the turn.',
    decisive: 'This decided the outcome.',
    harmless: 'Any other order would have ended the same.',
    greedy:
      'The projects have their turn from the highest sum down. Each is funded if what is left of the budget is enough, else it is passed over. Of equal sums the cheaper comes first.',
    threshold:
      'The projects with a sum of at least {threshold} have their turn from the highest sum down. Each is funded if what is left of the budget is enough, else it is passed over. Of equal sums the cheaper comes first.',
    noSkip:
      'The projects have their turn from the highest sum down and are funded until the first that what is left of the budget is not enough for. Of equal sums the cheaper comes first.',
    seats:
      'The options with the highest sums are elected; seats: {seats}. Equal sums go by the order of the list.',
  },
  fi: {
    option: 'Vaihtoehto',
    sum: 'Summa',
    outcome: 'Lopputulos',
    elected: 'Valittu',
    seat: 'Valittu, paikka {seat}',
    seatsFilled: 'Ei valittu: kaikki paikat oli täytetty',
    nobody: 'Ei valittu: kukaan ei saanut ääniä',
    funded: 'Rahoitetaan: jäljelle jää {left}',
    overBudget: 'Ei rahoiteta: hinta on {cost}, jäljellä oli {left}',
    below: 'Ei rahoiteta: summa on pienempi kuin {threshold}',
    afterStop: 'Ei rahoiteta: laskenta oli päättynyt hankkeeseen, joka ei mahtunut budjettiin',
    unfunded: 'Ei rahoiteta: yksikään hanke ei saanut ääniä',
    tieCost: 'Yhtä suuri summa: {others}; edullisempi tuli ensin.',
    tieOrder: 'Yhtä suuri summa: {others}; luettelon järjestys ratkaisi vuoron.',
    decisive: 'Tämä ratkaisi lopputuloksen.',
    harmless: 'Muu järjestys olisi johtanut samaan lopputulokseen.',
    greedy:
      'Hankkeet käsitellään suurimmasta summasta alkaen. Hanke rahoitetaan, jos budjettia on jäljellä tarpeeksi; muuten se ohitetaan. Yhtä suurista summista edullisempi on ensin.',
    threshold:
      'Hankkeet, joiden summa on vähintään {threshold}, käsitellään suurimmasta summasta alkaen. Hanke rahoitetaan, jos budjettia on jäljellä tarpeeksi; muuten se ohitetaan. Yhtä suurista summista edullisempi on ensin.',
    noSkip:
      'Hankkeet käsitellään suurimmasta summasta alkaen ja rahoitetaan, kunnes tulee ensimmäinen, johon jäljellä oleva budjetti ei riitä. Yhtä suurista summista edullisempi on ensin.',
    seats:
      'Suurimman summan saaneet vaihtoehdot valitaan; paikkoja: {seats}. Yhtä suuret summat ratkaisee luettelon järjestys.',
  },
  sv: {
    option: 'Alternativ',
    sum: 'Summa',
    outcome: 'Utfall',
    elected: 'Vald',
    seat: 'Vald, plats {seat}',
    seatsFilled: 'Inte vald: alla platser var tagna',
    nobody: 'Inte vald: ingen fick någon röst',
    funded: 'Finansieras: {left} är kvar',
    overBudget: 'Finansieras inte: {cost} är mer än de {left} som var kvar',
    below: 'Finansieras inte: summan är under {threshold}',
    afterStop: 'Finansieras inte: räkningen hade slutat vid ett projekt som inte rymdes',
    unfunded: 'Finansieras inte: inget projekt fick någon röst',
    tieCost: 'Lika många som {others}; det billigare kom först.',
    tieOrder: 'Lika många som {others}; listans ordning avgjorde turen.',
    decisive: 'Detta avgjorde utfallet.',
    harmless: 'Varje annan ordning hade gett samma utfall.',
    greedy:
      'Projekten prövas i tur och ordning från den högsta summan och nedåt. Varje projekt finansieras om det som är kvar av budgeten räcker, annars hoppas det över. Av lika summor kommer det billigare först.',
    threshold:
      'Projekten med en summa på minst {threshold} prövas i tur och ordning från den högsta summan och nedåt. Varje projekt finansieras om det som är kvar av budgeten räcker, annars hoppas det över. Av lika summor kommer det billigare först.',
    noSkip:
      'Projekten prövas i tur och ordning från den högsta summan och nedåt och finansieras fram till det första som det som är kvar av budgeten inte räcker till. Av lika summor kommer det billigare först.',
    seats:
      'Alternativen med de högsta summorna är valda; platser: {seats}. Vid lika summor gäller listans ordning.',
  },
  de: {
    option: 'Option',
    sum: 'Summe',
    outcome: 'Ausgang',
    elected: 'Gewählt',
    seat: 'Gewählt, Sitz {seat}',
    seatsFilled: 'Nicht gewählt: Alle Sitze waren vergeben',
    nobody: 'Nicht gewählt: Niemand bekam eine Stimme',
    funded: 'Finanziert: {left} bleiben übrig',
    overBudget: 'Nicht finanziert: {cost} ist mehr als die {left}, die übrig waren',
    below: 'Nicht finanziert: Die Summe liegt unter {threshold}',
    afterStop:
      'Nicht finanziert: Die Auszählung hatte bei einem Vorhaben geendet, für das der Rest nicht reichte',
    unfunded: 'Nicht finanziert: Kein Vorhaben bekam eine Stimme',
    tieCost: 'So viel wie {others}; das billigere kam zuerst.',
    tieOrder: 'So viel wie {others}; die Reihenfolge der Liste entschied.',
    decisive: 'Das hat den Ausgang entschieden.',
    harmless: 'Jede andere Reihenfolge hätte dasselbe ergeben.',
    greedy:
      'Die Vorhaben kommen von der höchsten Summe abwärts an die Reihe. Jedes wird finanziert, wenn der Rest des Budgets reicht, sonst wird es übergangen. Bei gleichen Summen kommt das billigere zuerst.',
    threshold:
      'Die Vorhaben mit einer Summe von mindestens {threshold} kommen von der höchsten Summe abwärts an die Reihe. Jedes wird finanziert, wenn der Rest des Budgets reicht, sonst wird es übergangen. Bei gleichen Summen kommt das billigere zuerst.',
    noSkip:
      'Die Vorhaben kommen von der höchsten Summe abwärts an die Reihe und werden finanziert bis zum ersten, für das der Rest des Budgets nicht reicht. Bei gleichen Summen kommt das billigere zuerst.',
    seats:
      'Gewählt sind die Optionen mit den höchsten Summen; Plätze: {seats}. Bei gleichen Summen gilt die Reihenfolge der Liste.',
  },
  fr: {
    option: 'Option',
    sum: 'Somme',
    outcome: 'Issue',
    elected: 'Élu',
    seat: 'Élu, siège {seat}',
    seatsFilled: 'Non élu : tous les sièges étaient pris',
    nobody: 'Non élu : personne n’a reçu de vote',
    funded: 'Financé : il reste {left}',
    overBudget: 'Non financé : le coût de {cost} dépasse les {left} qui restaient',
    below: 'Non financé : la somme est inférieure à {threshold}',
    afterStop: 'Non financé : le compte s’était arrêté à un projet pour lequel le budget ne suffisait pas',
    unfunded: 'Non financé : aucun projet n’a reçu de vote',
    tieCost: 'À égalité avec {others} ; le moins cher est passé d’abord.',
    tieOrder: 'À égalité avec {others} ; l’ordre de la liste a décidé.',
    decisive: 'Cela a décidé de l’issue.',
    harmless: 'Tout autre ordre aurait donné la même issue.',
    greedy:
      'Les projets passent l’un après l’autre, de la somme la plus élevée à la plus basse. Chacun est financé si le reste du budget suffit ; sinon, on passe au suivant. À sommes égales, le moins cher passe d’abord.',
    threshold:
      'Les projets dont la somme est d’au moins {threshold} passent l’un après l’autre, de la somme la plus élevée à la plus basse. Chacun est financé si le reste du budget suffit ; sinon, on passe au suivant. À sommes égales, le moins cher passe d’abord.',
    noSkip:
      'Les projets passent l’un après l’autre, de la somme la plus élevée à la plus basse, et sont financés jusqu’au premier pour lequel le reste du budget ne suffit pas. À sommes égales, le moins cher passe d’abord.',
    seats:
      'Les options dont la somme est la plus élevée sont élues ; sièges : {seats}. À somme égale, l’ordre de la liste décide.',
  },
  es: {
    option: 'Opción',
    sum: 'Suma',
    outcome: 'Desenlace',
    elected: 'Opción elegida',
    seat: 'Opción elegida, plaza {seat}',
    seatsFilled: 'No elegida: todas las plazas estaban ocupadas',
    nobody: 'No elegida: nadie obtuvo votos',
    funded: 'Financiado: quedan {left}',
    overBudget: 'No financiado: {cost} es más que los {left} que quedaban',
    below: 'No financiado: la suma es menor que {threshold}',
    afterStop: 'No financiado: el recuento había terminado en un proyecto que no cabía',
    unfunded: 'No financiado: ningún proyecto obtuvo votos',
    tieCost: 'Tantos como {others}; fue primero el más barato.',
    tieOrder: 'Tantos como {others}; el orden de la lista decidió el turno.',
    decisive: 'Esto decidió el desenlace.',
    harmless: 'Cualquier otro orden habría terminado igual.',
    greedy:
      'Los proyectos pasan por turno desde la suma más alta hacia abajo. Cada uno se financia si alcanza lo que queda del presupuesto; si no, se salta. Con sumas iguales va primero el más barato.',
    threshold:
      'Los proyectos con una suma de al menos {threshold} pasan por turno desde la suma más alta hacia abajo. Cada uno se financia si alcanza lo que queda del presupuesto; si no, se salta. Con sumas iguales va primero el más barato.',
    noSkip:
      'Los proyectos pasan por turno desde la suma más alta hacia abajo y se financian hasta el primero para el que no alcanza lo que queda del presupuesto. Con sumas iguales va primero el más barato.',
    seats:
      'Se eligen las opciones con las sumas más altas; plazas: {seats}. Las sumas iguales siguen el orden de la lista.',
  },
  gd: {
    option: 'Roghainn',
    sum: 'Suim',
    outcome: 'Dè thachair',
    elected: 'Air a thaghadh',
    seat: 'Air a thaghadh, suidheachan {seat}',
    seatsFilled: 'Gun taghadh: bha a h-uile suidheachan air a lìonadh',
    nobody: 'Gun taghadh: cha d’ fhuair duine bhòt',
    funded: 'Air a mhaoineachadh: tha {left} air fhàgail',
    overBudget: 'Gun mhaoineachadh: cosgaidh e {cost}, is cha robh ach {left} air fhàgail',
    below: 'Gun mhaoineachadh: tha an t-suim fo {threshold}',
    afterStop: 'Gun mhaoineachadh: bha an cunntadh air stad aig pròiseact a bha ro chosgail',
    unfunded: 'Gun mhaoineachadh: cha d’ fhuair pròiseact sam bith bhòt',
    tieCost: 'Uiread ri {others}; thàinig am fear as saoire an toiseach.',
    tieOrder: 'Uiread ri {others}; ’s e òrdugh na liosta a cho-dhùin cò bha an toiseach.',
    decisive: 'Cho-dhùin seo an toradh.',
    harmless: 'Bhiodh an toradh air a bhith mar an ceudna ann an òrdugh sam bith eile.',
    greedy:
      'Gheibh na pròiseactan cuairt fear mu seach, on t-suim as àirde sìos. Thèid gach fear a mhaoineachadh ma tha gu leòr air fhàgail dhen bhuidseat; mura h-eil, thèid leum thairis air. Ma tha suimean co-ionnan, thig am fear as saoire an toiseach.',
    threshold:
      'Gheibh na pròiseactan aig a bheil suim de {threshold} no barrachd cuairt fear mu seach, on t-suim as àirde sìos. Thèid gach fear a mhaoineachadh ma tha gu leòr air fhàgail dhen bhuidseat; mura h-eil, thèid leum thairis air. Ma tha suimean co-ionnan, thig am fear as saoire an toiseach.',
    noSkip:
      'Gheibh na pròiseactan cuairt fear mu seach, on t-suim as àirde sìos, agus thèid am maoineachadh gus an ruigear a’ chiad fhear nach eil gu leòr air fhàgail dhen bhuidseat air a shon. Ma tha suimean co-ionnan, thig am fear as saoire an toiseach.',
    seats:
      'Thèid na roghainnean leis na suimean as àirde a thaghadh; suidheachain: {seats}. Ma tha suimean co-ionnan, leanar òrdugh na liosta.',
  },
}
