//! Services: collecting in a shop, hiring gear.

use super::{Card, Topic};

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        id: "click_collect",
        title: "Click and collect",
        keywords: [
            &["collect*", "pick up", "pick it up", "pickup"],
            &["recoger*", "recogida", "retirar"],
            &["retrait", "retirer", "recuperer", "click and collect"],
            &["abhol*", "click and collect"],
        ],
        chip: ["Collect in a shop", "Recoger en tienda", "Retrait en magasin", "Im Laden abholen"],
        asks: &[
            [
                "Can I pick it up in a shop?",
                "¿Puedo recogerlo en una tienda?",
                "Puis-je le retirer en magasin ?",
                "Kann ich es im Laden abholen?",
            ],
            [
                "How does click and collect work?",
                "¿Cómo funciona la recogida en tienda?",
                "Comment marche le click and collect ?",
                "Wie funktioniert Click and Collect?",
            ],
            [
                "How long do you keep things for collection?",
                "¿Cuánto tiempo lo guardan para recogerlo?",
                "Combien de temps gardez-vous l'article pour le retrait ?",
                "Wie lange heben Sie die Sachen zur Abholung auf?",
            ],
        ],
        answers: &[
            [
                "Choose a shop at the checkout. If it is in stock there, it is ready in two hours; we keep it for seven days. Bring the code from the e-mail.",
                "Elija una tienda al pagar. Si hay existencias, estará listo en dos horas y lo guardamos siete días. Traiga el código del correo.",
                "Choisissez un magasin au moment de payer. S'il est en stock, l'article est prêt en deux heures et gardé sept jours. Apportez le code reçu par e-mail.",
                "Wählen Sie beim Bezahlen einen Laden. Ist der Artikel dort vorrätig, liegt er in zwei Stunden bereit; wir heben ihn sieben Tage auf. Bringen Sie den Code aus der E-Mail mit.",
            ],
            [
                "Click and collect is free. You get a message as soon as it waits for you at the counter, and you have a week to come by.",
                "La recogida es gratuita. Le avisamos en cuanto esté en el mostrador y tiene una semana para pasar.",
                "Le retrait est gratuit. Vous recevez un message dès que l'article vous attend au comptoir, et vous avez une semaine pour passer.",
                "Die Abholung ist kostenlos. Sie bekommen eine Nachricht, sobald alles an der Kasse liegt, und haben eine Woche Zeit.",
            ],
        ],
        next: &["stores", "opening_hours", "returns"],
        cards: &[Card {
            title: [
                "Find your nearest shop",
                "Encuentre su tienda",
                "Trouver un magasin",
                "Laden in der Nähe finden",
            ],
            path: "/shops",
            image: "shop",
            picture: false,
            action: ["See the map", "Ver el mapa", "Voir la carte", "Karte ansehen"],
        }],
        needs_order: false,
        tool: None,
        weight: 5,
    },
    Topic {
        id: "tent_hire",
        title: "Tent and gear hire",
        keywords: [
            &["hire", "rent", "rental", "rent a tent", "camping", "tent*"],
            &["alquil*", "acampar", "camping", "tienda de campana"],
            &["location", "louer", "camping", "tente*"],
            &["miet*", "leih*", "verleih*", "camping", "zelt*"],
        ],
        chip: ["Hire a tent", "Alquilar una tienda de campaña", "Louer une tente", "Zelt mieten"],
        asks: &[
            [
                "Can I hire a tent for a weekend?",
                "¿Puedo alquilar una tienda de campaña para un fin de semana?",
                "Puis-je louer une tente pour un week-end ?",
                "Kann ich ein Zelt für ein Wochenende mieten?",
            ],
            [
                "What does gear rental cost?",
                "¿Cuánto cuesta el alquiler de material?",
                "Combien coûte la location de matériel ?",
                "Was kostet der Verleih von Ausrüstung?",
            ],
            [
                "Do you rent sleeping bags for camping?",
                "¿Alquilan sacos de dormir para acampar?",
                "Peut-on louer des sacs de couchage pour le camping ?",
                "Kann man Schlafsäcke fürs Camping leihen?",
            ],
        ],
        answers: &[
            [
                "Yes: a two-person tent is 35 pounds for a weekend, a sleeping bag 9. Book online three days ahead and collect it in any shop; the deposit is returned when you bring it back dry.",
                "Sí: una tienda de dos plazas cuesta 35 libras el fin de semana y un saco, 9. Reserve en línea con tres días de antelación; la fianza se devuelve al traerla seca.",
                "Oui : une tente deux places coûte 35 livres le week-end, un sac de couchage 9. Réservez en ligne trois jours avant ; la caution est rendue quand tout revient sec.",
                "Ja: Ein Zwei-Personen-Zelt kostet 35 Pfund für ein Wochenende, ein Schlafsack 9. Buchen Sie drei Tage vorher online; die Kaution gibt es zurück, wenn alles trocken wiederkommt.",
            ],
            [
                "We hire out tents, mats, sleeping bags and stoves. A full set for two is 55 pounds from Friday to Monday.",
                "Alquilamos tiendas, esterillas, sacos y hornillos. Un equipo completo para dos cuesta 55 libras de viernes a lunes.",
                "Nous louons tentes, matelas, sacs et réchauds. L'ensemble complet pour deux coûte 55 livres du vendredi au lundi.",
                "Wir verleihen Zelte, Matten, Schlafsäcke und Kocher. Ein komplettes Set für zwei kostet 55 Pfund von Freitag bis Montag.",
            ],
        ],
        next: &["click_collect", "stores", "payment"],
        cards: &[Card {
            title: [
                "Hire gear",
                "Alquiler de material",
                "Location de matériel",
                "Ausrüstung leihen",
            ],
            path: "/hire",
            image: "tent",
            picture: false,
            action: ["See prices", "Ver precios", "Voir les prix", "Preise ansehen"],
        }],
        needs_order: false,
        tool: None,
        weight: 3,
    },
];
