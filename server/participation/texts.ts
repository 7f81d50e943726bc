// What feeds and calendars say of a process, in the languages of the web app.
import type { Language } from '#server/data/register.ts'

export interface Texts {
  readonly planned: string
  readonly archived: string
  readonly proposed: (title: string) => string
  readonly owed: (title: string) => string
  readonly answered: (title: string) => string
  readonly assessed: (title: string) => string
  readonly promised: (title: string) => string
  readonly changed: (title: string) => string
  readonly reported: (title: string) => string
  readonly published: (title: string) => string
  /** After a milestone. */
  readonly spent: (amount: string) => string
  readonly voting: (title: string) => string
  /** In the place of words that were erased or hidden. */
  readonly gone: string
}

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    planned: 'What happens when',
    archived: 'What came of it',
    proposed: (title) => `Proposed: ${title}`,
    owed: (title) => `An answer is owed: ${title}`,
    answered: (title) => `Answered: ${title}`,
    assessed: (title) => `Assessed: ${title}`,
    promised: (title) => `Promised: ${title}`,
    changed: (title) => `Promise changed: ${title}`,
    reported: (title) => `News of the project: ${title}`,
    published: (title) => `Contracts or payments published: ${title}`,
    spent: (amount) => `spent so far: ${amount}`,
    voting: (title) => `Voting: ${title}`,
    gone: 'These words are no longer shown.',
  },
  fi: {
    planned: 'Mitä milloinkin tapahtuu',
    archived: 'Mitä siitä tuli',
    proposed: (title) => `Ehdotettu: ${title}`,
    owed: (title) => `Vastaus on annettava: ${title}`,
    answered: (title) => `Vastattu: ${title}`,
    assessed: (title) => `Arvioitu: ${title}`,
    promised: (title) => `Luvattu: ${title}`,
    changed: (title) => `Lupausta muutettu: ${title}`,
    reported: (title) => `Hankkeen uutinen: ${title}`,
    published: (title) => `Sopimuksia tai maksuja julkaistu: ${title}`,
    spent: (amount) => `käytetty tähän mennessä ${amount}`,
    voting: (title) => `Äänestys: ${title}`,
    gone: 'Näitä sanoja ei enää näytetä.',
  },
  sv: {
    planned: 'Vad som händer när',
    archived: 'Vad det blev av den',
    proposed: (title) => `Föreslaget: ${title}`,
    owed: (title) => `Ett svar krävs: ${title}`,
    answered: (title) => `Besvarat: ${title}`,
    assessed: (title) => `Bedömt: ${title}`,
    promised: (title) => `Utlovat: ${title}`,
    changed: (title) => `Löfte ändrat: ${title}`,
    reported: (title) => `Nytt om projektet: ${title}`,
    published: (title) => `Avtal eller betalningar publicerade: ${title}`,
    spent: (amount) => `hittills använt: ${amount}`,
    voting: (title) => `Omröstning: ${title}`,
    gone: 'De här orden visas inte längre.',
  },
  de: {
    planned: 'Was wann geschieht',
    archived: 'Was daraus geworden ist',
    proposed: (title) => `Vorgeschlagen: ${title}`,
    owed: (title) => `Eine Antwort ist fällig: ${title}`,
    answered: (title) => `Beantwortet: ${title}`,
    assessed: (title) => `Geprüft: ${title}`,
    promised: (title) => `Versprochen: ${title}`,
    changed: (title) => `Versprechen geändert: ${title}`,
    reported: (title) => `Neues vom Projekt: ${title}`,
    published: (title) => `Verträge oder Zahlungen veröffentlicht: ${title}`,
    spent: (amount) => `bisher ausgegeben: ${amount}`,
    voting: (title) => `Abstimmung: ${title}`,
    gone: 'Diese Worte werden nicht mehr gezeigt.',
  },
  fr: {
    planned: 'Ce qui se passe, et quand',
    archived: 'Ce qui en est sorti',
    proposed: (title) => `Proposé : ${title}`,
    owed: (title) => `Une réponse est due : ${title}`,
    answered: (title) => `Réponse donnée : ${title}`,
    assessed: (title) => `Faisabilité examinée : ${title}`,
    promised: (title) => `Promis : ${title}`,
    changed: (title) => `Promesse modifiée : ${title}`,
    reported: (title) => `Nouvelles du projet : ${title}`,
    published: (title) => `Contrats ou paiements publiés : ${title}`,
    spent: (amount) => `dépensé à ce jour : ${amount}`,
    voting: (title) => `Scrutin : ${title}`,
    gone: 'Ces mots ne sont plus affichés.',
  },
  es: {
    planned: 'Qué pasa y cuándo',
    archived: 'En qué ha quedado',
    proposed: (title) => `Propuesto: ${title}`,
    owed: (title) => `Se debe una respuesta: ${title}`,
    answered: (title) => `Respondido: ${title}`,
    assessed: (title) => `Viabilidad examinada: ${title}`,
    promised: (title) => `Prometido: ${title}`,
    changed: (title) => `Promesa modificada: ${title}`,
    reported: (title) => `Novedades del proyecto: ${title}`,
    published: (title) => `Contratos o pagos publicados: ${title}`,
    spent: (amount) => `gastado hasta ahora: ${amount}`,
    voting: (title) => `Votación: ${title}`,
    gone: 'Estas palabras ya no se muestran.',
  },
  gd: {
    planned: 'Dè thachras agus cuin',
    archived: 'Dè thàinig às',
    proposed: (title) => `Air a mholadh: ${title}`,
    owed: (title) => `Tha freagairt ri thoirt: ${title}`,
    answered: (title) => `Air a fhreagairt: ${title}`,
    assessed: (title) => `Air a mheasadh: ${title}`,
    promised: (title) => `Air a ghealltainn: ${title}`,
    changed: (title) => `Gealladh air atharrachadh: ${title}`,
    reported: (title) => `Naidheachd mun phròiseact: ${title}`,
    published: (title) => `Cùmhnantan no pàighidhean air am foillseachadh: ${title}`,
    spent: (amount) => `air a chosg gu ruige seo: ${amount}`,
    voting: (title) => `Bhòtadh: ${title}`,
    gone: 'Chan eil na faclan seo gan sealltainn tuilleadh.',
  },
}
