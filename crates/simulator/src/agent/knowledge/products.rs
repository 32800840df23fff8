//! Products: what to wear, in which size, and how to look after it.

use super::{Card, Topic};

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        id: "jackets",
        title: "Jackets",
        keywords: [
            &["jacket*", "coat*", "waterproof*", "raincoat*", "skylark", "harrier"],
            &["chaqueta*", "abrigo*", "impermeable*", "chubasquero*", "skylark", "harrier"],
            &["veste*", "manteau*", "impermeable*", "doudoune*", "skylark", "harrier"],
            &["jacke*", "mantel", "regenjacke*", "wasserdicht*", "skylark", "harrier"],
        ],
        chip: [
            "Recommend a jacket",
            "Recomiéndeme una chaqueta",
            "Conseillez-moi une veste",
            "Empfehlen Sie mir eine Jacke",
        ],
        asks: &[
            [
                "Can you recommend a jacket for autumn hikes?",
                "¿Puede recomendarme una chaqueta para el otoño?",
                "Pouvez-vous me conseiller une veste pour l'automne ?",
                "Können Sie mir eine Jacke für Herbsttouren empfehlen?",
            ],
            [
                "I'm looking for a waterproof coat",
                "Busco un abrigo impermeable",
                "Je cherche un manteau imperméable",
                "Ich suche eine wasserdichte Jacke",
            ],
            [
                "Which jacket is the lightest?",
                "¿Qué chaqueta es la más ligera?",
                "Quelle veste est la plus légère ?",
                "Welche Jacke ist die leichteste?",
            ],
            [
                "Is the Skylark jacket in stock in green?",
                "¿Tienen la chaqueta Skylark en verde?",
                "La veste Skylark est-elle disponible en vert ?",
                "Ist die Skylark-Jacke in Grün vorrätig?",
            ],
        ],
        answers: &[
            [
                "For wet days I would take the Skylark shell: three layers, 340 grams, fully taped, 149 pounds. If you want warmth as well, the Harrier has recycled down and costs 189. Here are both.",
                "Para días de lluvia elegiría la Skylark: tres capas, 340 gramos, costuras selladas, 149 libras. Si además quiere abrigo, la Harrier lleva plumón reciclado y cuesta 189. Aquí tiene las dos.",
                "Pour la pluie, je prendrais la Skylark : trois couches, 340 grammes, coutures étanches, 149 livres. Pour la chaleur, la Harrier en duvet recyclé coûte 189. Voici les deux.",
                "Für Regentage würde ich die Skylark nehmen: drei Lagen, 340 Gramm, verschweißte Nähte, 149 Pfund. Soll sie auch wärmen, hat die Harrier recycelte Daunen und kostet 189. Hier sind beide.",
            ],
            [
                "Two favourites this season: the light Skylark shell for rain, and the warm Harrier for cold, dry days. Both are in stock in most sizes.",
                "Dos favoritas de la temporada: la ligera Skylark para la lluvia y la cálida Harrier para días fríos y secos. Hay existencias en casi todas las tallas.",
                "Deux favorites cette saison : la légère Skylark contre la pluie et la chaude Harrier pour les jours froids et secs. Les deux sont en stock dans presque toutes les tailles.",
                "Zwei Lieblinge dieser Saison: die leichte Skylark gegen Regen und die warme Harrier für kalte, trockene Tage. Beide sind in fast allen Größen vorrätig.",
            ],
        ],
        next: &["sizing", "delivery", "returns"],
        cards: &[
            Card {
                title: [
                    "Skylark rain shell",
                    "Chaqueta Skylark",
                    "Veste Skylark",
                    "Regenjacke Skylark",
                ],
                path: "/jackets/skylark",
                image: "jacket",
                picture: false,
                action: [
                    "View the Skylark",
                    "Ver la Skylark",
                    "Voir la Skylark",
                    "Skylark ansehen",
                ],
            },
            Card {
                title: [
                    "Harrier down jacket",
                    "Plumífero Harrier",
                    "Doudoune Harrier",
                    "Daunenjacke Harrier",
                ],
                path: "/jackets/harrier",
                image: "down-jacket",
                picture: false,
                action: [
                    "View the Harrier",
                    "Ver la Harrier",
                    "Voir la Harrier",
                    "Harrier ansehen",
                ],
            },
        ],
        needs_order: false,
        tool: Some("check_stock"),
        weight: 10,
    },
    Topic {
        id: "sizing",
        title: "Sizes and fit",
        keywords: [
            &["size*", "sizing", "fit", "fits", "too small", "too big", "measure*"],
            &["talla*", "medida*", "tallaje", "queda grande", "queda pequen*"],
            &["taille*", "mesure*", "trop petit*", "trop grand*", "coupe"],
            &["grosse", "grossen", "grossentabelle", "passt", "zu klein", "zu gross", "passform"],
        ],
        chip: [
            "Which size fits me?",
            "¿Qué talla me conviene?",
            "Quelle taille choisir ?",
            "Welche Größe passt mir?",
        ],
        asks: &[
            [
                "Which size should I order?",
                "¿Qué talla debería pedir?",
                "Quelle taille dois-je prendre ?",
                "Welche Größe soll ich nehmen?",
            ],
            [
                "Do the trousers fit true to size?",
                "¿Los pantalones son fieles a la talla?",
                "Les pantalons taillent-ils normalement, quelle taille prendre ?",
                "Ist die Passform der Hosen normal?",
            ],
            [
                "It's too small, what now?",
                "Me queda pequeño, ¿qué hago?",
                "C'est trop petit, que faire ?",
                "Es ist zu klein, was nun?",
            ],
        ],
        answers: &[
            [
                "Our sizes run true. Measure your chest under the arms: up to 94 cm is S, up to 102 is M, up to 110 is L. Between two sizes, take the larger one if you wear layers.",
                "Nuestras tallas son fieles. Mida el pecho bajo los brazos: hasta 94 cm es S, hasta 102 es M, hasta 110 es L. Entre dos tallas, elija la mayor si lleva varias capas.",
                "Nos tailles sont fidèles. Mesurez la poitrine sous les bras : jusqu'à 94 cm S, jusqu'à 102 M, jusqu'à 110 L. Entre deux tailles, prenez la plus grande si vous superposez.",
                "Unsere Größen fallen normal aus. Messen Sie die Brust unter den Armen: bis 94 cm S, bis 102 M, bis 110 L. Zwischen zwei Größen nehmen Sie die größere, wenn Sie Schichten tragen.",
            ],
            [
                "The size guide shows every measure, and an exchange for another size is always free.",
                "La guía de tallas muestra todas las medidas, y cambiar a otra talla siempre es gratis.",
                "Le guide des tailles indique toutes les mesures, et l'échange contre une autre taille est toujours gratuit.",
                "Die Größentabelle zeigt jedes Maß, und der Tausch gegen eine andere Größe ist immer kostenlos.",
            ],
        ],
        next: &["jackets", "returns", "boots_care"],
        cards: &[Card {
            title: ["Size guide", "Guía de tallas", "Guide des tailles", "Größentabelle"],
            path: "/sizes",
            image: "sizes",
            picture: true,
            action: ["Open the guide", "Abrir la guía", "Ouvrir le guide", "Tabelle öffnen"],
        }],
        needs_order: false,
        tool: None,
        weight: 7,
    },
    Topic {
        id: "warranty",
        title: "Warranty and repairs",
        keywords: [
            &["warranty", "guarantee", "repair*", "broken", "broke", "zip", "!torn", "faulty"],
            &["garantia", "repar*", "arregl*", "!rota", "roto", "cremallera", "defect*"],
            &["garantie", "repar*", "casse*", "!dechir*", "fermeture", "defaut*"],
            &[
                "garantie",
                "reparatur*",
                "reparier*",
                "kaputt",
                "defekt*",
                "reissverschluss",
                "!gerissen",
            ],
        ],
        chip: [
            "Repairs and warranty",
            "Reparaciones y garantía",
            "Réparations et garantie",
            "Reparatur und Garantie",
        ],
        asks: &[
            [
                "The zip is broken, can you repair it?",
                "La cremallera está rota, ¿pueden repararla?",
                "La fermeture est cassée, pouvez-vous la réparer ?",
                "Der Reißverschluss ist kaputt, können Sie ihn reparieren?",
            ],
            [
                "How long is the warranty?",
                "¿Cuánto dura la garantía?",
                "Combien de temps dure la garantie ?",
                "Wie lange gilt die Garantie?",
            ],
            [
                "The seam on my tent is torn",
                "Mi tienda de campaña está rota por la costura",
                "La couture de ma tente est déchirée",
                "Die Naht an meinem Zelt ist gerissen",
            ],
        ],
        answers: &[
            [
                "Everything we make carries a five-year guarantee. Faults are repaired free of charge; wear and tear costs from 12 pounds. Bring it to any shop or send it to our workshop in Kendal.",
                "Todo lo que fabricamos tiene cinco años de garantía. Los defectos se reparan gratis; el desgaste, desde 12 libras. Tráigalo a una tienda o envíelo a nuestro taller de Kendal.",
                "Tous nos produits sont garantis cinq ans. Les défauts sont réparés gratuitement ; l'usure coûte à partir de 12 livres. Apportez l'article en magasin ou envoyez-le à notre atelier de Kendal.",
                "Auf alles, was wir herstellen, geben wir fünf Jahre Garantie. Fehler beheben wir kostenlos, Verschleiß ab 12 Pfund. Bringen Sie es in einen Laden oder schicken Sie es an unsere Werkstatt in Kendal.",
            ],
            [
                "Our workshop can most likely mend that. A repair takes about ten days, and within five years of purchase faults cost you nothing.",
                "Seguramente nuestro taller puede arreglarlo. Una reparación tarda unos diez días y, durante cinco años, los defectos no le cuestan nada.",
                "Notre atelier peut très probablement arranger cela. Une réparation prend une dizaine de jours et, pendant cinq ans, les défauts ne vous coûtent rien.",
                "Das kann unsere Werkstatt höchstwahrscheinlich richten. Eine Reparatur dauert etwa zehn Tage, und fünf Jahre lang kosten Fehler Sie nichts.",
            ],
        ],
        next: &["returns", "stores", "boots_care"],
        cards: &[],
        needs_order: false,
        tool: None,
        weight: 6,
    },
    Topic {
        id: "boots_care",
        title: "Boot care",
        keywords: [
            &["boot*", "wax", "leather", "clean", "cleaning", "waterproofing spray"],
            &["bota*", "cera", "cuero", "limpiar"],
            &["chaussure*", "bottes", "cire*", "cuir", "nettoy*"],
            &["stiefel*", "wanderschuh*", "schuh*", "wachs*", "leder*", "reinig*"],
        ],
        chip: [
            "How to care for boots",
            "Cuidado de las botas",
            "Entretenir ses chaussures",
            "Stiefel pflegen",
        ],
        asks: &[
            [
                "How do I clean my leather boots?",
                "¿Cómo limpio mis botas de cuero?",
                "Comment nettoyer mes chaussures en cuir ?",
                "Wie reinige ich meine Lederstiefel?",
            ],
            [
                "How often should I wax my boots?",
                "¿Cada cuánto debo poner cera a las botas?",
                "À quelle fréquence cirer mes chaussures ?",
                "Wie oft soll ich meine Stiefel wachsen?",
            ],
            [
                "My boots got soaked, what should I do?",
                "Se me han mojado las botas, ¿qué hago?",
                "Mes chaussures sont trempées, que faire ?",
                "Meine Wanderschuhe sind durchnässt, was tun?",
            ],
        ],
        answers: &[
            [
                "Brush off the mud, wash with lukewarm water, and dry the boots away from heat with newspaper inside. Wax leather every six to eight walks while it is still a little damp.",
                "Quite el barro con un cepillo, lave con agua templada y séquelas lejos del calor con papel de periódico dentro. Encere el cuero cada seis u ocho salidas, cuando aún esté algo húmedo.",
                "Brossez la boue, lavez à l'eau tiède et laissez sécher loin de la chaleur avec du papier journal à l'intérieur. Cirez le cuir toutes les six à huit sorties, encore légèrement humide.",
                "Bürsten Sie den Schlamm ab, waschen Sie mit lauwarmem Wasser und trocknen Sie die Schuhe fern von Hitze mit Zeitungspapier. Wachsen Sie Leder alle sechs bis acht Touren, solange es leicht feucht ist.",
            ],
            [
                "Never put boots on a radiator. Take the insoles out, stuff the boots with newspaper, and give them a day. A thin coat of wax afterwards keeps the leather supple.",
                "Nunca ponga las botas sobre un radiador. Saque las plantillas, rellénelas con papel y déles un día. Una capa fina de cera mantiene el cuero flexible.",
                "Ne posez jamais les chaussures sur un radiateur. Retirez les semelles, remplissez de papier journal et laissez un jour. Une fine couche de cire garde le cuir souple.",
                "Stellen Sie die Schuhe nie auf die Heizung. Nehmen Sie die Einlegesohlen heraus, stopfen Sie Zeitungspapier hinein und warten Sie einen Tag. Eine dünne Schicht Wachs hält das Leder geschmeidig.",
            ],
        ],
        next: &["warranty", "sizing", "jackets"],
        cards: &[Card {
            title: ["Boot care kit", "Kit de cuidado", "Kit d'entretien", "Pflegeset"],
            path: "/boots/care-kit",
            image: "boot",
            picture: false,
            action: ["View the kit", "Ver el kit", "Voir le kit", "Set ansehen"],
        }],
        needs_order: false,
        tool: None,
        weight: 4,
    },
];
