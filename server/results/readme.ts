// What lies in an evidence pack and how it is checked, for whoever unpacks it, in the languages of the web app.
import type { Language } from '#server/data/register.ts'

interface Texts {
  readonly title: string
  readonly record: string
  readonly policy: string
  readonly report: string
  readonly results: string
  readonly check: string
  readonly outcome: string
  readonly shown: string
}

/** The text of README.txt. */
export function readmeOf(language: Language, title: string): string {
  const texts = TEXTS[language]
  return `${texts.title}: ${title}

  record.comitia           ${texts.record}
  policy.txt               ${texts.policy}
  report.pdf, report.json  ${texts.report}
  results/                 ${texts.results}

${texts.check}

  ./comitia verify --policy policy.txt record.comitia

${texts.outcome}

${texts.shown}
`
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    title: 'Evidence of a vote',
    record: 'the public record: everything that decides the result',
    policy: 'whose signature is believed, on the record and on receipts',
    report: 'the protocol of the count',
    results: 'the result for other programs',
    check: 'With Comitia (Node 20 or newer), offline, and without trusting who gave you this:',
    outcome: 'Exit code 0: all checks passed. 1: a check failed. 2: it could not be checked.',
    shown:
      'Protocol and results show what the record says; the record alone proves it. Compare policy.txt with one that you got another way.',
  },
  fi: {
    title: 'Todisteet äänestyksestä',
    record: 'julkinen pöytäkirja: kaikki, mikä ratkaisee tuloksen',
    policy: 'kenen allekirjoitukseen luotetaan pöytäkirjassa ja kuiteissa',
    report: 'laskentapöytäkirja',
    results: 'tulos muille ohjelmille',
    check: 'Comitialla (Node 20 tai uudempi), ilman verkkoa ja luottamatta siihen, keneltä sait tämän:',
    outcome: 'Paluukoodi 0: kaikki tarkistukset kunnossa. 1: tarkistus epäonnistui. 2: ei voitu tarkistaa.',
    shown:
      'Laskentapöytäkirja ja tulokset näyttävät, mitä pöytäkirjassa on; vain pöytäkirja todistaa sen. Vertaa tiedostoa policy.txt toista tietä saatuun.',
  },
  sv: {
    title: 'Bevis för en omröstning',
    record: 'det offentliga protokollet: allt som avgör resultatet',
    policy: 'vems underskrift som godtas, på protokollet och på kvitton',
    report: 'protokollet över rösträkningen',
    results: 'resultatet för andra program',
    check: 'Med Comitia (Node 20 eller nyare), utan nät och utan att lita på den som gav dig detta:',
    outcome:
      'Returkod 0: alla kontroller gick bra. 1: en kontroll misslyckades. 2: det gick inte att kontrollera.',
    shown:
      'Rösträkningsprotokollet och resultaten visar vad det offentliga protokollet säger; bara det bevisar det. Jämför policy.txt med en som du fått på annat sätt.',
  },
  de: {
    title: 'Belege einer Abstimmung',
    record: 'das öffentliche Protokoll: alles, was das Ergebnis entscheidet',
    policy: 'wessen Signatur geglaubt wird, am Protokoll und an Quittungen',
    report: 'die Niederschrift der Auszählung',
    results: 'das Ergebnis für andere Programme',
    check: 'Mit Comitia (Node 20 oder neuer), ohne Netz und ohne dem zu trauen, von dem Sie dies haben:',
    outcome: 'Rückgabewert 0: alle Prüfungen bestanden. 1: eine Prüfung schlug fehl. 2: nicht prüfbar.',
    shown:
      'Niederschrift und Ergebnisse zeigen, was das Protokoll sagt; nur das Protokoll beweist es. Vergleichen Sie policy.txt mit einer, die Sie auf anderem Weg haben.',
  },
  fr: {
    title: 'Preuves d’un vote',
    record: 'le registre public : tout ce qui décide du résultat',
    policy: 'de qui la signature fait foi, sur le registre et sur les reçus',
    report: 'le procès-verbal du dépouillement',
    results: 'le résultat pour d’autres programmes',
    check: 'Avec Comitia (Node 20 ou plus récent), hors ligne et sans se fier à qui vous a donné ceci :',
    outcome:
      'Code de retour 0 : tous les contrôles passent. 1 : un contrôle échoue. 2 : contrôle impossible.',
    shown:
      'Le procès-verbal et les résultats montrent ce que dit le registre ; lui seul le prouve. Comparez policy.txt avec celui que vous avez obtenu autrement.',
  },
  es: {
    title: 'Pruebas de una votación',
    record: 'el registro público: todo lo que decide el resultado',
    policy: 'la firma de quién se acepta, en el registro y en los recibos',
    report: 'el acta del recuento',
    results: 'el resultado para otros programas',
    check: 'Con Comitia (Node 20 o posterior), sin conexión y sin fiarse de quien le dio esto:',
    outcome: 'Código de salida 0: todo correcto. 1: falló una comprobación. 2: no se pudo comprobar.',
    shown:
      'El acta y los resultados muestran lo que dice el registro; solo el registro lo demuestra. Compare policy.txt con uno obtenido por otra vía.',
  },
  gd: {
    title: 'Fianais air bhòtadh',
    record: 'an leabhar poblach: a h-uile rud a cho-dhùineas an toradh',
    policy: 'cò an t-ainm-sgrìobhte san cuirear earbsa, air an leabhar is air cuidhteasan',
    report: 'clàr a’ chunntaidh',
    results: 'an toradh airson phrògraman eile',
    check: 'Le Comitia (Node 20 no nas ùire), far loidhne agus gun earbsa anns an neach a thug seo dhuibh:',
    outcome: 'Còd 0: shoirbhich a h-uile sgrùdadh. 1: dh’fhàillig sgrùdadh. 2: cha ghabhadh a sgrùdadh.',
    shown:
      'Seallaidh an clàr is na toraidhean na tha san leabhar; ’s e an leabhar a-mhàin a dhearbhas e. Dèan coimeas eadar policy.txt agus fear a fhuair sibh air dòigh eile.',
  },
}
