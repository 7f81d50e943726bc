// What mails say, in the languages of the web app. letter.ts puts the paragraphs together.
import type { Language } from '#server/data/register.ts'

export interface Texts {
  readonly invitationSubject: (title: string) => string
  readonly reminderSubject: (title: string) => string
  readonly hello: string
  /** Without an organiser before the election is defined. */
  readonly invited: (title: string) => string
  readonly invitedBy: (title: string, organiser: string) => string
  readonly reminded: (title: string) => string
  /** The link follows. */
  readonly register: string
  /** In letters: the code follows. */
  readonly type: (page: string) => string
  readonly until: (when: string) => string
  readonly soon: string
  readonly secret: string
  readonly earlier: string
  readonly questions: (from: string) => string
  /** To officials and guardians: who asks them, for what. The link follows. */
  readonly officialSubject: (by: string) => string
  readonly officialInvited: (by: string) => string
  readonly officialLink: string
  readonly guardianSubject: (title: string) => string
  readonly guardianInvited: (by: string, title: string) => string
  readonly guardianLink: string
  /** To who may want to follow a process: the link follows. */
  readonly followSubject: (title: string) => string
  readonly followAsked: (title: string) => string
  readonly followIgnore: string
  /** To who follows it. */
  readonly newsSubject: (title: string, count: number) => string
  readonly news: (title: string) => string
  readonly newsMore: (count: number) => string
  /** The link follows. */
  readonly newsEnd: (title: string) => string
}

export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    invitationSubject: (title) => `Invitation to vote: ${title}`,
    reminderSubject: (title) => `Reminder: you have not registered to vote yet: ${title}`,
    hello: 'Hello,',
    invited: (title) => `You are invited to vote: ${title}.`,
    invitedBy: (title, organiser) => `${organiser} invites you to vote: ${title}.`,
    reminded: (title) => `You have been invited to vote and have not registered yet: ${title}.`,
    register:
      'Register once before you vote, on the device with which you want to vote. Open this link on it:',
    type: (page) => `Or open the page ${page} and type this code:`,
    until: (when) => `Register before voting begins: ${when}.`,
    soon: 'Register soon: this is possible only until voting begins.',
    secret:
      'The link holds your personal code. It serves for one registration, and whoever has it can register in your place. Nobody will ask you for it; give it to nobody.',
    earlier: 'If you still have the link of our mail before this one, it works too.',
    questions: (from) => `If you have questions, answer this mail. It goes to ${from}.`,
    officialSubject: (by) => `${by} invites you to run elections`,
    officialInvited: (by) => `${by} invites you to run elections with them.`,
    officialLink:
      'Open this link on the device on which you want to make your passkeys. It works once, for seven days, and whoever has it can come in under your name: give it to nobody.',
    guardianSubject: (title) => `Guardian of the key: ${title}`,
    guardianInvited: (by, title) => `${by} asks you to serve as guardian of the key in: ${title}.`,
    guardianLink:
      'This page says what there is to do for you, and when. Open it on the device that holds your guardian’s key:',
    followSubject: (title) => `Do you want news of it? ${title}`,
    followAsked: (title) =>
      `Somebody, probably you, has asked for news of “${title}” by mail to this address. If you want them, open this link:`,
    followIgnore:
      'If you do not, do nothing: you will get no mail, and your address is deleted within three days.',
    newsSubject: (title, count) => `News (${count}): ${title}`,
    news: (title) => `This is new in “${title}”, the newest first:`,
    newsMore: (count) => `And ${count} more, on the page of the process:`,
    newsEnd: (title) =>
      `You get this because you follow “${title}”. With one press this ends, and your address is deleted:`,
  },
  fi: {
    invitationSubject: (title) => `Kutsu äänestämään: ${title}`,
    reminderSubject: (title) => `Muistutus: et ole vielä ilmoittautunut äänestäjäksi: ${title}`,
    hello: 'Hei,',
    invited: (title) => `sinut on kutsuttu äänestämään: ${title}.`,
    invitedBy: (title, organiser) => `${organiser} kutsuu sinut äänestämään: ${title}.`,
    reminded: (title) => `sinut on kutsuttu äänestämään, mutta et ole vielä ilmoittautunut: ${title}.`,
    register:
      'Ilmoittaudu kerran ennen äänestämistä sillä laitteella, jolla haluat äänestää. Avaa siinä tämä linkki:',
    type: (page) => `Tai avaa sivu ${page} ja kirjoita tämä koodi:`,
    until: (when) => `Ilmoittaudu ennen äänestyksen alkua: ${when}.`,
    soon: 'Ilmoittaudu pian: se on mahdollista vain äänestyksen alkuun asti.',
    secret:
      'Linkissä on henkilökohtainen koodisi. Se kelpaa yhteen ilmoittautumiseen, ja jokainen, jolla se on, voi ilmoittautua sinun sijastasi. Kukaan ei pyydä sitä sinulta; älä anna sitä kenellekään.',
    earlier: 'Jos sinulla on vielä tätä edeltäneen viestimme linkki, sekin toimii.',
    questions: (from) =>
      `Jos sinulla on kysyttävää, vastaa tähän viestiin. Vastaus menee osoitteeseen ${from}.`,
    officialSubject: (by) => `${by} kutsuu sinut järjestämään vaaleja`,
    officialInvited: (by) => `${by} kutsuu sinut järjestämään vaaleja kanssaan.`,
    officialLink:
      'Avaa tämä linkki laitteella, jolla haluat luoda pääsyavaimesi. Se toimii kerran, seitsemän päivän ajan, ja jokainen, jolla se on, voi tulla sisään sinun nimelläsi: älä anna sitä kenellekään.',
    guardianSubject: (title) => `Avaimenhaltija: ${title}`,
    guardianInvited: (by, title) => `${by} pyytää sinua avaimenhaltijaksi: ${title}.`,
    guardianLink:
      'Tämä sivu kertoo, mitä sinun on tehtävä ja milloin. Avaa se laitteella, jossa avaimenhaltijan avaimesi on:',
    followSubject: (title) => `Haluatko siitä uutisia? ${title}`,
    followAsked: (title) =>
      `Joku, luultavasti sinä, on pyytänyt tähän osoitteeseen sähköpostitse uutisia prosessista ”${title}”. Jos haluat niitä, avaa tämä linkki:`,
    followIgnore:
      'Jos et halua, älä tee mitään: et saa viestejä, ja osoitteesi poistetaan kolmen päivän kuluessa.',
    newsSubject: (title, count) => `Uutisia (${count}): ${title}`,
    news: (title) => `Uutta prosessissa ”${title}”, uusin ensin:`,
    newsMore: (count) => `Ja vielä ${count} muuta prosessin sivulla:`,
    newsEnd: (title) =>
      `Saat tämän, koska seuraat: ”${title}”. Yhdellä painalluksella tämä päättyy ja osoitteesi poistetaan:`,
  },
  sv: {
    invitationSubject: (title) => `Inbjudan att rösta: ${title}`,
    reminderSubject: (title) => `Påminnelse: du har ännu inte registrerat dig för att rösta: ${title}`,
    hello: 'Hej!',
    invited: (title) => `Du är inbjuden att rösta: ${title}.`,
    invitedBy: (title, organiser) => `${organiser} bjuder in dig att rösta: ${title}.`,
    reminded: (title) => `Du har bjudits in att rösta men har ännu inte registrerat dig: ${title}.`,
    register:
      'Registrera dig en gång innan du röstar, på den enhet som du vill rösta med. Öppna den här länken på den:',
    type: (page) => `Eller öppna sidan ${page} och skriv in den här koden:`,
    until: (when) => `Registrera dig innan röstningen börjar: ${when}.`,
    soon: 'Registrera dig snart: det går bara tills röstningen börjar.',
    secret:
      'Länken innehåller din personliga kod. Den räcker till en registrering, och den som har koden kan registrera sig i ditt ställe. Ingen kommer att be dig om den; ge den inte till någon.',
    earlier: 'Om du har kvar länken från vårt förra brev fungerar den också.',
    questions: (from) => `Har du frågor, svara på det här brevet. Svaret går till ${from}.`,
    officialSubject: (by) => `${by} bjuder in dig att sköta val`,
    officialInvited: (by) => `${by} bjuder in dig att sköta val tillsammans.`,
    officialLink:
      'Öppna den här länken på den enhet där du vill skapa dina passkeys. Den fungerar en gång, i sju dagar, och den som har den kan komma in under ditt namn: ge den inte till någon.',
    guardianSubject: (title) => `Nyckelinnehavare: ${title}`,
    guardianInvited: (by, title) => `${by} ber dig vara nyckelinnehavare i: ${title}.`,
    guardianLink: 'Den här sidan säger vad du ska göra och när. Öppna den på den enhet som har din nyckel:',
    followSubject: (title) => `Vill du ha nyheter om den? ${title}`,
    followAsked: (title) =>
      `Någon, förmodligen du, har bett om nyheter om ”${title}” med e-post till den här adressen. Vill du ha dem, öppna den här länken:`,
    followIgnore: 'Vill du inte, gör ingenting: du får ingen e-post, och din adress raderas inom tre dagar.',
    newsSubject: (title, count) => `Nyheter (${count}): ${title}`,
    news: (title) => `Det här är nytt i ”${title}”, det nyaste först:`,
    newsMore: (count) => `Och ${count} till, på processens sida:`,
    newsEnd: (title) =>
      `Du får det här för att du följer ”${title}”. Med ett tryck upphör det, och din adress raderas:`,
  },
  de: {
    invitationSubject: (title) => `Einladung zur Abstimmung: ${title}`,
    reminderSubject: (title) => `Erinnerung: Sie haben sich noch nicht registriert: ${title}`,
    hello: 'Guten Tag,',
    invited: (title) => `Sie sind eingeladen, abzustimmen: ${title}.`,
    invitedBy: (title, organiser) => `${organiser} lädt Sie ein, abzustimmen: ${title}.`,
    reminded: (title) =>
      `Sie wurden eingeladen, abzustimmen, und haben sich noch nicht registriert: ${title}.`,
    register:
      'Registrieren Sie sich einmal vor der Abstimmung, auf dem Gerät, mit dem Sie abstimmen möchten. Öffnen Sie darauf diesen Link:',
    type: (page) => `Oder öffnen Sie die Seite ${page} und geben Sie diesen Code ein:`,
    until: (when) => `Registrieren Sie sich, bevor die Abstimmung beginnt: ${when}.`,
    soon: 'Registrieren Sie sich bald: Das geht nur, bis die Abstimmung beginnt.',
    secret:
      'Der Link enthält Ihren persönlichen Code. Er gilt für eine Registrierung, und wer ihn hat, kann sich an Ihrer Stelle registrieren. Niemand wird Sie danach fragen; geben Sie ihn niemandem.',
    earlier: 'Haben Sie noch den Link aus unserer vorigen E-Mail, so gilt auch er.',
    questions: (from) => `Bei Fragen antworten Sie auf diese E-Mail. Sie geht an ${from}.`,
    officialSubject: (by) => `${by} lädt Sie ein, Wahlen durchzuführen`,
    officialInvited: (by) => `${by} lädt Sie ein, gemeinsam Wahlen durchzuführen.`,
    officialLink:
      'Öffnen Sie diesen Link auf dem Gerät, auf dem Sie Ihre Passkeys anlegen möchten. Er gilt einmal, sieben Tage lang, und wer ihn hat, kann unter Ihrem Namen hineinkommen: Geben Sie ihn niemandem.',
    guardianSubject: (title) => `Schlüsselhüter: ${title}`,
    guardianInvited: (by, title) => `${by} bittet Sie, Schlüsselhüter zu sein: ${title}.`,
    guardianLink:
      'Diese Seite sagt, was für Sie zu tun ist und wann. Öffnen Sie sie auf dem Gerät, das Ihren Schlüssel hat:',
    followSubject: (title) => `Möchten Sie davon hören? ${title}`,
    followAsked: (title) =>
      `Jemand, wahrscheinlich Sie, hat an diese Adresse um Neuigkeiten über „${title}“ gebeten. Wenn Sie sie möchten, öffnen Sie diesen Link:`,
    followIgnore:
      'Wenn nicht, tun Sie nichts: Sie bekommen keine E-Mails, und Ihre Adresse wird innerhalb von drei Tagen gelöscht.',
    newsSubject: (title, count) => `Neues (${count}): ${title}`,
    news: (title) => `Das ist neu in „${title}“, das Neueste zuerst:`,
    newsMore: (count) => `Und ${count} mehr, auf der Seite des Prozesses:`,
    newsEnd: (title) =>
      `Sie bekommen dies, weil Sie „${title}“ folgen. Mit einem Druck endet das, und Ihre Adresse wird gelöscht:`,
  },
  fr: {
    invitationSubject: (title) => `Invitation à voter : ${title}`,
    reminderSubject: (title) => `Rappel : vous n’êtes pas encore inscrit au vote : ${title}`,
    hello: 'Bonjour,',
    invited: (title) => `Vous êtes invité à voter : ${title}.`,
    invitedBy: (title, organiser) => `${organiser} vous invite à voter : ${title}.`,
    reminded: (title) => `Vous avez été invité à voter et ne vous êtes pas encore inscrit : ${title}.`,
    register:
      'Inscrivez-vous une fois avant de voter, sur l’appareil avec lequel vous voulez voter. Ouvrez-y ce lien :',
    type: (page) => `Ou ouvrez la page ${page} et tapez ce code :`,
    until: (when) => `Inscrivez-vous avant le début du vote : ${when}.`,
    soon: 'Inscrivez-vous bientôt : ce n’est possible que jusqu’au début du vote.',
    secret:
      'Le lien contient votre code personnel. Il sert à une seule inscription, et quiconque l’a peut s’inscrire à votre place. Personne ne vous le demandera ; ne le donnez à personne.',
    earlier: 'Si vous avez encore le lien de notre message précédent, il fonctionne aussi.',
    questions: (from) => `Pour toute question, répondez à ce message. La réponse parvient à ${from}.`,
    officialSubject: (by) => `${by} vous invite à organiser des votes`,
    officialInvited: (by) => `${by} vous invite à organiser des votes ensemble.`,
    officialLink:
      'Ouvrez ce lien sur l’appareil où vous voulez créer vos clés d’accès. Il sert une seule fois, pendant sept jours, et quiconque l’a peut entrer sous votre nom : ne le donnez à personne.',
    guardianSubject: (title) => `Gardien de la clé : ${title}`,
    guardianInvited: (by, title) => `${by} vous demande d’être gardien de la clé : ${title}.`,
    guardianLink:
      'Cette page dit ce que vous avez à faire et quand. Ouvrez-la sur l’appareil qui détient votre clé de gardien :',
    followSubject: (title) => `Voulez-vous de ses nouvelles ? ${title}`,
    followAsked: (title) =>
      `Quelqu’un, sans doute vous, a demandé des nouvelles de « ${title} » par courriel à cette adresse. Si vous les voulez, ouvrez ce lien :`,
    followIgnore:
      'Sinon, ne faites rien : vous ne recevrez aucun message, et votre adresse sera supprimée dans les trois jours.',
    newsSubject: (title, count) => `Nouvelles (${count}) : ${title}`,
    news: (title) => `Voici ce qui est nouveau dans « ${title} », le plus récent d’abord :`,
    newsMore: (count) => `Et ${count} de plus, sur la page du processus :`,
    newsEnd: (title) =>
      `Vous recevez ceci parce que vous suivez « ${title} ». Un seul geste y met fin, et votre adresse est supprimée :`,
  },
  es: {
    invitationSubject: (title) => `Invitación a votar: ${title}`,
    reminderSubject: (title) => `Recordatorio: aún no se ha registrado para votar: ${title}`,
    hello: 'Buenos días:',
    invited: (title) => `Tiene una invitación para votar: ${title}.`,
    invitedBy: (title, organiser) => `${organiser} le invita a votar: ${title}.`,
    reminded: (title) => `Recibió una invitación para votar y aún no se ha registrado: ${title}.`,
    register:
      'Regístrese una vez antes de votar, en el dispositivo con el que quiera votar. Abra en él este enlace:',
    type: (page) => `O abra la página ${page} y escriba este código:`,
    until: (when) => `Regístrese antes de que empiece la votación: ${when}.`,
    soon: 'Regístrese pronto: solo es posible hasta que empiece la votación.',
    secret:
      'El enlace contiene su código personal. Sirve para un solo registro, y quien lo tenga puede registrarse en su lugar. Nadie se lo pedirá; no se lo dé a nadie.',
    earlier: 'Si aún tiene el enlace de nuestro mensaje anterior, también sirve.',
    questions: (from) => `Si tiene preguntas, responda a este mensaje. La respuesta llega a ${from}.`,
    officialSubject: (by) => `${by} le invita a organizar votaciones`,
    officialInvited: (by) => `${by} le invita a organizar votaciones en común.`,
    officialLink:
      'Abra este enlace en el dispositivo en el que quiera crear sus claves de acceso. Sirve una sola vez, durante siete días, y quien lo tenga puede entrar con su nombre: no se lo dé a nadie.',
    guardianSubject: (title) => `Custodio de la clave: ${title}`,
    guardianInvited: (by, title) => `${by} le pide que sea custodio de la clave en: ${title}.`,
    guardianLink:
      'Esta página dice qué tiene que hacer y cuándo. Ábrala en el dispositivo que guarda su clave de custodio:',
    followSubject: (title) => `¿Quiere recibir sus novedades? ${title}`,
    followAsked: (title) =>
      `Alguien, probablemente usted, ha pedido novedades de «${title}» por correo a esta dirección. Si las quiere, abra este enlace:`,
    followIgnore: 'Si no, no haga nada: no recibirá mensajes y su dirección se borrará en tres días.',
    newsSubject: (title, count) => `Novedades (${count}): ${title}`,
    news: (title) => `Esto es lo nuevo en «${title}», lo más reciente primero:`,
    newsMore: (count) => `Y ${count} más, en la página del proceso:`,
    newsEnd: (title) =>
      `Recibe esto porque sigue «${title}». Con un solo toque termina, y se borra su dirección:`,
  },
  gd: {
    invitationSubject: (title) => `Cuireadh gu bhòtadh: ${title}`,
    reminderSubject: (title) => `Cuimhneachan: chan eil thu clàraichte airson bhòtadh fhathast: ${title}`,
    hello: 'Halò,',
    invited: (title) => `Tha cuireadh agad bhòtadh: ${title}.`,
    invitedBy: (title, organiser) => `Tha ${organiser} a’ toirt cuireadh dhut bhòtadh: ${title}.`,
    reminded: (title) => `Fhuair thu cuireadh bhòtadh ach chan eil thu clàraichte fhathast: ${title}.`,
    register:
      'Clàraich aon turas mus bhòt thu, air an uidheam leis a bheil thu airson bhòtadh. Fosgail an ceangal seo air:',
    type: (page) => `No fosgail an duilleag ${page} is sgrìobh an còd seo:`,
    until: (when) => `Clàraich mus tòisich a’ bhòtadh: ${when}.`,
    soon: 'Clàraich a dh’aithghearr: chan urrainn dhut sin a dhèanamh ach gus an tòisich a’ bhòtadh.',
    secret:
      'Tha an còd pearsanta agad sa cheangal. Nì e feum airson aon chlàradh, agus faodaidh neach sam bith aig a bheil e clàradh nad àite. Chan iarr duine sam bith ort e; na toir do dhuine sam bith e.',
    earlier: 'Ma tha an ceangal on phost-d againn ron fhear seo agad fhathast, obraichidh e cuideachd.',
    questions: (from) => `Ma tha ceist agad, freagair am post-d seo. Thèid e gu ${from}.`,
    officialSubject: (by) => `Tha ${by} a’ toirt cuireadh dhut taghaidhean a ruith`,
    officialInvited: (by) => `Tha ${by} a’ toirt cuireadh dhut taghaidhean a ruith còmhla riutha.`,
    officialLink:
      'Fosgail an ceangal seo air an uidheam far a bheil thu airson na h-iuchraichean-inntrigidh agad a dhèanamh. Obraichidh e aon turas, fad seachd latha, agus gheibh neach sam bith aig a bheil e a-steach fod ainm: na toir do dhuine sam bith e.',
    guardianSubject: (title) => `Neach-gleidhidh na h-iuchrach: ${title}`,
    guardianInvited: (by, title) =>
      `Tha ${by} ag iarraidh ort a bhith nad neach-gleidhidh na h-iuchrach: ${title}.`,
    guardianLink:
      'Innsidh an duilleag seo dè tha agad ri dhèanamh, agus cuin. Fosgail i air an uidheam aig a bheil an iuchair agad:',
    followSubject: (title) => `A bheil thu ag iarraidh naidheachdan? ${title}`,
    followAsked: (title) =>
      `Dh’iarr cuideigin, thusa ’s dòcha, naidheachdan mu “${title}” air post-d chun an t-seòlaidh seo. Ma tha thu gan iarraidh, fosgail an ceangal seo:`,
    followIgnore:
      'Mura h-eil, na dèan càil: chan fhaigh thu post-d, agus thèid an seòladh agad a sguabadh às taobh a-staigh trì latha.',
    newsSubject: (title, count) => `Naidheachdan (${count}): ${title}`,
    news: (title) => `Seo na tha ùr ann an “${title}”, an rud as ùire an toiseach:`,
    newsMore: (count) => `Agus ${count} eile, air duilleag a’ phròiseis:`,
    newsEnd: (title) =>
      `Tha thu a’ faighinn seo on a tha thu a’ leantainn “${title}”. Le aon bhrùthadh thig e gu crìch, agus thèid an seòladh agad a sguabadh às:`,
  },
}
