//! Fixed lines of the agent and of the live colleague.

use super::language::Local;

/// First words to a visitor.
pub const GREETING: Local = [
    "Hi, I'm Juno from Fernhill Outfitters. I can help with orders, returns, products and our shops. What can I do for you?",
    "Hola, soy Juno, de Fernhill Outfitters. Puedo ayudarle con pedidos, devoluciones, productos y tiendas. ¿Qué necesita?",
    "Bonjour, je suis Juno de Fernhill Outfitters. Je peux vous aider pour les commandes, les retours, les produits et nos magasins. Que puis-je faire pour vous ?",
    "Hallo, ich bin Juno von Fernhill Outfitters. Ich helfe bei Bestellungen, Rückgaben, Produkten und unseren Läden. Was kann ich für Sie tun?",
];
/// First words on the telephone.
pub const GREETING_VOICE: Local = [
    "Thank you for calling Fernhill Outfitters, this is Juno. How can I help?",
    "Gracias por llamar a Fernhill Outfitters, le atiende Juno. ¿En qué puedo ayudarle?",
    "Merci d'appeler Fernhill Outfitters, ici Juno. Comment puis-je vous aider ?",
    "Danke für Ihren Anruf bei Fernhill Outfitters, hier ist Juno. Wie kann ich helfen?",
];
/// Answers to a message without meaning to the agent.
pub const NOT_UNDERSTOOD: [Local; 3] = [
    [
        "I'm sorry, I don't know about that. I can help with orders, returns, products and our shops.",
        "Lo siento, de eso no sé nada. Puedo ayudarle con pedidos, devoluciones, productos y tiendas.",
        "Désolée, je ne connais pas ce sujet. Je peux vous aider pour les commandes, les retours, les produits et nos magasins.",
        "Das weiß ich leider nicht. Ich helfe bei Bestellungen, Rückgaben, Produkten und unseren Läden.",
    ],
    [
        "I didn't quite get that. Could you say it in other words, or pick one of these?",
        "No lo he entendido bien. ¿Puede decirlo de otra forma o elegir una de estas opciones?",
        "Je n'ai pas bien compris. Pouvez-vous le dire autrement, ou choisir une de ces options ?",
        "Das habe ich nicht ganz verstanden. Können Sie es anders sagen oder eines davon wählen?",
    ],
    [
        "That is beyond me, I'm afraid. Shall I fetch a colleague?",
        "Me temo que eso me supera. ¿Quiere que avise a un compañero?",
        "Cela me dépasse, je le crains. Voulez-vous que j'appelle un collègue ?",
        "Da bin ich leider überfragt. Soll ich jemanden aus dem Team holen?",
    ],
];
/// Asks for the order number.
pub const ASK_ORDER: [Local; 2] = [
    [
        "Of course. What is your order number? It starts with FH and is in your confirmation e-mail.",
        "Claro. ¿Cuál es su número de pedido? Empieza por FH y está en el correo de confirmación.",
        "Bien sûr. Quel est votre numéro de commande ? Il commence par FH et figure dans l'e-mail de confirmation.",
        "Gern. Wie lautet Ihre Bestellnummer? Sie beginnt mit FH und steht in der Bestätigungsmail.",
    ],
    [
        "I can look that up. Could you give me the order number, for example FH-10423?",
        "Puedo consultarlo. ¿Me da el número de pedido, por ejemplo FH-10423?",
        "Je peux vérifier. Pouvez-vous me donner le numéro de commande, par exemple FH-10423 ?",
        "Das schaue ich nach. Geben Sie mir bitte die Bestellnummer, zum Beispiel FH-10423?",
    ],
];
/// Asks again after an answer without a number in it.
pub const ASK_ORDER_AGAIN: Local = [
    "I couldn't find an order number in that. It looks like FH-10423. Could you check it once more?",
    "No veo un número de pedido. Es como FH-10423. ¿Puede comprobarlo otra vez?",
    "Je n'y trouve pas de numéro de commande. Il ressemble à FH-10423. Pouvez-vous vérifier ?",
    "Darin finde ich keine Bestellnummer. Sie sieht aus wie FH-10423. Schauen Sie bitte noch einmal nach?",
];
/// Announces the hand-over to a person.
pub const HANDOFF: Local = [
    "Of course. I'll connect you to a colleague; please stay here for a moment.",
    "Por supuesto. Le paso con un compañero; espere un momento, por favor.",
    "Bien sûr. Je vous mets en relation avec un collègue ; restez là un instant.",
    "Natürlich. Ich verbinde Sie mit jemandem aus dem Team, bitte bleiben Sie kurz hier.",
];
/// Announces the hand-over after a complaint.
pub const HANDOFF_COMPLAINT: Local = [
    "I'm sorry about this. A colleague should look at it with you; I'm putting you through.",
    "Lo siento mucho. Es mejor que lo vea con un compañero; le paso ahora.",
    "Je suis désolée. Un collègue va regarder cela avec vous ; je vous mets en relation.",
    "Das tut mir leid. Das sollte sich jemand aus dem Team mit Ihnen ansehen, ich verbinde.",
];
/// Last words.
pub const GOODBYE: [Local; 2] = [
    [
        "You're welcome. Thank you for visiting Fernhill, goodbye!",
        "De nada. Gracias por visitar Fernhill, ¡hasta pronto!",
        "Avec plaisir. Merci de votre visite chez Fernhill, au revoir !",
        "Gern geschehen. Danke für Ihren Besuch bei Fernhill, auf Wiedersehen!",
    ],
    [
        "Glad I could help. Enjoy the outdoors, goodbye!",
        "Me alegro de haber ayudado. ¡Disfrute del aire libre, adiós!",
        "Ravie d'avoir pu aider. Profitez du grand air, au revoir !",
        "Schön, dass ich helfen konnte. Viel Freude draußen, auf Wiedersehen!",
    ],
];
/// Answer to thanks.
pub const WELCOME: Local = [
    "You're welcome. Is there anything else?",
    "De nada. ¿Necesita algo más?",
    "Avec plaisir. Puis-je faire autre chose pour vous ?",
    "Gern geschehen. Kann ich noch etwas für Sie tun?",
];
/// Answer to a greeting in the middle of a chat.
pub const HELLO: Local = [
    "Hello! What can I do for you?",
    "¡Hola! ¿En qué puedo ayudarle?",
    "Bonjour ! Que puis-je faire pour vous ?",
    "Hallo! Was kann ich für Sie tun?",
];
/// Answer to "yes" without a question.
pub const GO_ON: Local = [
    "Gladly. What would you like to know?",
    "Con mucho gusto. ¿Qué le gustaría saber?",
    "Volontiers. Que souhaitez-vous savoir ?",
    "Gern. Was möchten Sie wissen?",
];
/// Answer to "no" without a question.
pub const ALRIGHT: Local = [
    "Alright. If anything comes up, just write.",
    "De acuerdo. Si surge algo, escríbame.",
    "D'accord. Si besoin, écrivez-moi.",
    "In Ordnung. Wenn noch etwas ist, schreiben Sie einfach.",
];
/// Answer to "are you a robot".
pub const IDENTITY: Local = [
    "I'm Juno, Fernhill's virtual assistant. I'm not a person, but I can fetch one whenever you like.",
    "Soy Juno, la asistente virtual de Fernhill. No soy una persona, pero puedo avisar a una cuando quiera.",
    "Je suis Juno, l'assistante virtuelle de Fernhill. Je ne suis pas humaine, mais je peux appeler un collègue quand vous voulez.",
    "Ich bin Juno, Fernhills virtuelle Assistentin. Ich bin kein Mensch, hole aber jederzeit einen dazu.",
];
/// First words after a change of language.
pub const LANGUAGE_SWITCHED: Local = [
    "Of course, let's continue in English. What can I do for you?",
    "Claro, seguimos en español. ¿En qué puedo ayudarle?",
    "Bien sûr, continuons en français. Que puis-je faire pour vous ?",
    "Natürlich, machen wir auf Deutsch weiter. Was kann ich für Sie tun?",
];
/// Closes an answer now and then.
pub const ANYTHING_ELSE: Local = [
    "Is there anything else I can help with?",
    "¿Puedo ayudarle en algo más?",
    "Puis-je vous aider pour autre chose ?",
    "Kann ich sonst noch helfen?",
];
/// Spoken after silence.
pub const STILL_THERE: [Local; 2] = [
    ["Are you still there?", "¿Sigue ahí?", "Êtes-vous toujours là ?", "Sind Sie noch da?"],
    [
        "I can't hear you. What can I help with?",
        "No le oigo. ¿En qué puedo ayudarle?",
        "Je ne vous entends pas. Que puis-je faire pour vous ?",
        "Ich höre Sie nicht. Womit kann ich helfen?",
    ],
];
/// Suggestion that brings a person.
pub const CHIP_HUMAN: Local = [
    "Talk to a person",
    "Hablar con una persona",
    "Parler à une personne",
    "Mit einem Menschen sprechen",
];
/// Suggestion that ends the chat.
pub const CHIP_BYE: Local = ["That's all", "Eso es todo", "C'est tout", "Das war's"];

/// The live agent's first words.
pub const LIVE_HELLO: Local = [
    "Hi, this is Imre from customer care. I've read what you and Juno wrote. How can I help?",
    "Hola, soy Imre, de atención al cliente. He leído su conversación con Juno. ¿En qué puedo ayudarle?",
    "Bonjour, ici Imre du service client. J'ai lu votre échange avec Juno. Comment puis-je vous aider ?",
    "Hallo, hier ist Imre vom Kundendienst. Ich habe Ihr Gespräch mit Juno gelesen. Wie kann ich helfen?",
];
/// The live agent's answers when nothing in the knowledge base fits.
pub const LIVE_ANSWERS: [Local; 3] = [
    [
        "Thanks, I see. Let me check that for you, one moment. Yes, I can sort it out from here.",
        "Gracias, entiendo. Déjeme comprobarlo un momento. Sí, puedo solucionarlo desde aquí.",
        "Merci, je vois. Je vérifie, un instant. Oui, je peux régler cela d'ici.",
        "Danke, verstehe. Ich prüfe das kurz. Ja, das kann ich von hier aus regeln.",
    ],
    [
        "I've noted it in your account and sent you a confirmation by e-mail. Anything else on your mind?",
        "Lo he anotado en su cuenta y le he enviado una confirmación por correo. ¿Algo más?",
        "Je l'ai noté dans votre compte et vous ai envoyé une confirmation par e-mail. Autre chose ?",
        "Ich habe es in Ihrem Konto vermerkt und eine Bestätigung per E-Mail geschickt. Haben Sie noch etwas auf dem Herzen?",
    ],
    [
        "Understood. I'll take care of it personally and write to you by tomorrow.",
        "Entendido. Me ocuparé personalmente y le escribiré mañana a más tardar.",
        "Entendu. Je m'en occupe personnellement et vous écris d'ici demain.",
        "Verstanden. Ich kümmere mich persönlich darum und schreibe Ihnen bis morgen.",
    ],
];
/// The live agent's last words.
pub const LIVE_GOODBYE: Local = [
    "Happy to help. Have a good day, and come back any time!",
    "Encantado de ayudarle. ¡Que tenga un buen día!",
    "Avec plaisir. Bonne journée et à bientôt !",
    "Sehr gern. Einen schönen Tag und bis bald!",
];
