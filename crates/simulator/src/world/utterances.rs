//! What the callers of the seeded world say besides asking for a topic.

use crate::agent::language::Local;

/// Put before a request now and then.
pub(super) const OPENERS: [Local; 6] = [
    ["Hi, ", "Hola, ", "Bonjour, ", "Hallo, "],
    ["Hello there. ", "Buenas. ", "Bonjour. ", "Guten Tag. "],
    ["Um, ", "Eh, ", "Euh, ", "Ähm, "],
    ["Yes, ", "Sí, ", "Oui, ", "Ja, "],
    ["Quick question: ", "Una pregunta: ", "Une question : ", "Eine Frage: "],
    ["One more thing. ", "Otra cosa. ", "Encore une chose. ", "Noch etwas. "],
];
/// Things the agent knows nothing about.
pub(super) const OUT_OF_DOMAIN: [Local; 8] = [
    [
        "Do you sell bicycles?",
        "¿Venden bicicletas?",
        "Vendez-vous des vélos ?",
        "Verkaufen Sie Fahrräder?",
    ],
    [
        "Will it rain in Keswick tomorrow?",
        "¿Lloverá mañana en Keswick?",
        "Va-t-il pleuvoir demain à Keswick ?",
        "Regnet es morgen in Keswick?",
    ],
    [
        "My neighbour has your catalogue from 1998",
        "Mi vecino tiene su catálogo de 1998",
        "Mon voisin possède votre catalogue de 1998",
        "Mein Nachbar besitzt noch den Katalog von 1998",
    ],
    [
        "Can you book me a mountain guide?",
        "¿Me consigue un guía de montaña?",
        "Trouvez-moi un guide de montagne",
        "Vermitteln Sie auch Bergführer?",
    ],
    ["Tell me a joke", "Cuénteme un chiste", "Racontez-moi une blague", "Erzählen Sie einen Witz"],
    [
        "It is about the thing from the television",
        "Es por lo de la televisión",
        "C'est pour le truc vu à la télé",
        "Es geht um das Ding aus dem Fernsehen",
    ],
    [
        "Do you have vacancies for the summer?",
        "¿Buscan personal para el verano?",
        "Embauchez-vous pour l'été ?",
        "Suchen Sie Aushilfen für den Sommer?",
    ],
    [
        "Is the Pennine Way suitable for dogs?",
        "¿El Pennine Way es apto para perros?",
        "Le Pennine Way convient-il aux chiens ?",
        "Eignet sich der Pennine Way für Hunde?",
    ],
];
/// Said when the order number is not at hand.
pub(super) const NO_NUMBER: [Local; 3] = [
    [
        "I don't have it here",
        "No lo tengo aquí",
        "Je ne l'ai pas sous la main",
        "Die habe ich gerade nicht",
    ],
    [
        "Hang on, I'm looking for the e-mail",
        "Un momento, busco el correo",
        "Un instant, je cherche l'e-mail",
        "Moment, ich suche die E-Mail",
    ],
    [
        "Which number do you mean?",
        "¿A qué número se refiere?",
        "De quel numéro parlez-vous ?",
        "Welche Nummer meinen Sie?",
    ],
];
/// Gives the order number, `{n}`.
pub(super) const NUMBER: [Local; 4] = [
    ["It's FH-{n}", "Es el FH-{n}", "C'est le FH-{n}", "Sie lautet FH-{n}"],
    ["FH {n}", "FH {n}", "FH {n}", "FH {n}"],
    ["{n}, I think", "{n}, creo", "{n}, je crois", "{n}, glaube ich"],
    [
        "The number is FH-{n}",
        "El número es FH-{n}",
        "Le numéro est FH-{n}",
        "Die Nummer ist FH-{n}",
    ],
];
/// Wants a person.
pub(super) const HUMAN: [Local; 3] = [
    [
        "Can I talk to a person, please?",
        "¿Puedo hablar con una persona, por favor?",
        "Puis-je parler à une personne, s'il vous plaît ?",
        "Kann ich bitte mit einem Menschen sprechen?",
    ],
    [
        "I'd rather speak to someone from your team, a real person",
        "Prefiero hablar con alguien de su equipo",
        "Je préfère parler à quelqu'un de votre équipe",
        "Ich möchte lieber mit jemandem aus dem Team sprechen",
    ],
    [
        "Put me through to an agent",
        "Páseme con un agente",
        "Passez-moi un conseiller",
        "Verbinden Sie mich mit einem Mitarbeiter",
    ],
];
/// Is angry.
pub(super) const COMPLAINT: [Local; 2] = [
    [
        "This is unacceptable, it is the third time",
        "Es inaceptable, ya van tres veces",
        "C'est inadmissible, c'est la troisième fois",
        "Das ist inakzeptabel, schon das dritte Mal",
    ],
    [
        "I want to make a complaint",
        "Quiero poner una queja",
        "Je veux faire une réclamation",
        "Ich möchte mich beschweren",
    ],
];
/// Thanks.
pub(super) const THANKS: [Local; 3] = [
    ["Thanks a lot", "Muchas gracias", "Merci beaucoup", "Vielen Dank, danke schön"],
    ["Perfect, thank you", "Perfecto, gracias", "Parfait, merci", "Perfekt, danke"],
    ["Great, that helps", "Genial, eso me ayuda", "Super, cela m'aide", "Super, das hilft mir"],
];
/// Says goodbye.
pub(super) const BYE: [Local; 4] = [
    [
        "No, that's all, thank you",
        "No, eso es todo, gracias",
        "Non, c'est tout, merci",
        "Nein, das war's, danke",
    ],
    [
        "That's it, bye",
        "Nada más, adiós",
        "Ce sera tout, au revoir",
        "Das ist alles, auf Wiedersehen",
    ],
    ["Goodbye", "Adiós", "Au revoir", "Tschüss"],
    ["Nothing else, thanks", "Nada más, gracias", "Rien d'autre, merci", "Das war alles, danke"],
];
/// Asks for another language; in that language.
pub(super) const SWITCH: Local =
    ["Do you speak English?", "¿Habla español?", "Parlez-vous français ?", "Sprechen Sie Deutsch?"];
/// The same in English.
pub(super) const SWITCH_ENGLISH: Local = [
    "Do you speak English?",
    "Do you speak Spanish?",
    "Do you speak French?",
    "Do you speak German?",
];
/// What customers leave after a survey on the telephone.
pub(super) const FEEDBACK: [&str; 5] = [
    "Quick and friendly",
    "It took a while until I was understood",
    "Answered my question at once",
    "I would have liked to talk to a person sooner",
    "All good, thank you",
];
