//! Shops: where they are and when they are open.

use super::{Card, Topic};

pub(super) const TOPICS: &[Topic] = &[
    Topic {
        id: "opening_hours",
        title: "Opening hours",
        keywords: [
            &["open", "opening", "opening hours", "close", "closing time", "hours", "sunday*"],
            &["horario*", "abren", "abierto*", "abierta*", "cierran", "a que hora", "domingo*"],
            &["horaire*", "ouvert*", "ouvrez", "fermez", "quelle heure", "dimanche*"],
            &["offnungszeit*", "geoffnet", "offnen", "schliess*", "sonntag*"],
        ],
        chip: ["Opening hours", "Horario de apertura", "Horaires d'ouverture", "Öffnungszeiten"],
        asks: &[
            [
                "What are your opening hours?",
                "¿Cuál es su horario?",
                "Quels sont vos horaires ?",
                "Wie sind Ihre Öffnungszeiten?",
            ],
            [
                "Are you open on Sunday?",
                "¿Abren los domingos?",
                "Êtes-vous ouverts le dimanche ?",
                "Haben Sie am Sonntag geöffnet?",
            ],
            [
                "What time do you close today?",
                "¿A qué hora cierran hoy?",
                "À quelle heure fermez-vous aujourd'hui ?",
                "Wann schließen Sie heute?",
            ],
        ],
        answers: &[
            [
                "Our shops are open Monday to Saturday from nine to six, and on Sunday from eleven to four. On bank holidays we are closed.",
                "Nuestras tiendas abren de lunes a sábado de nueve a seis, y los domingos de once a cuatro. Los festivos cerramos.",
                "Nos magasins ouvrent du lundi au samedi de neuf à dix-huit heures, et le dimanche de onze à seize heures. Nous sommes fermés les jours fériés.",
                "Unsere Läden sind montags bis samstags von neun bis achtzehn Uhr geöffnet, sonntags von elf bis sechzehn Uhr. An Feiertagen haben wir geschlossen.",
            ],
            [
                "You will find us from nine to six on weekdays and Saturdays. On Sunday it is eleven to four, and Kendal stays open until eight on Thursdays.",
                "Nos encontrará de nueve a seis entre semana y los sábados. Los domingos, de once a cuatro, y Kendal abre hasta las ocho los jueves.",
                "Nous sommes là de neuf à dix-huit heures en semaine et le samedi. Le dimanche de onze à seize heures, et Kendal reste ouvert jusqu'à vingt heures le jeudi.",
                "Sie finden uns werktags und samstags von neun bis achtzehn Uhr. Sonntags von elf bis sechzehn Uhr, und Kendal hat donnerstags bis zwanzig Uhr offen.",
            ],
        ],
        next: &["stores", "click_collect", "delivery"],
        cards: &[],
        needs_order: false,
        tool: None,
        weight: 9,
    },
    Topic {
        id: "stores",
        title: "Shop locations",
        keywords: [
            &["store*", "shop*", "nearest", "branch*", "parking", "where are you"],
            &["tienda*", "mas cercana", "sucursal*", "aparcamiento", "donde estan"],
            &["magasin*", "boutique*", "le plus proche", "parking", "ou etes vous"],
            &["laden", "laeden", "!filiale*", "geschaft*", "nachste*", "parkplatz*", "wo sind sie"],
        ],
        chip: [
            "Where are your shops?",
            "¿Dónde están sus tiendas?",
            "Où sont vos magasins ?",
            "Wo sind Ihre Läden?",
        ],
        asks: &[
            [
                "Where is your nearest shop?",
                "¿Cuál es la tienda más cercana?",
                "Où se trouve le magasin le plus proche ?",
                "Wo ist die nächste Filiale?",
            ],
            [
                "Is there a store in Manchester?",
                "¿Hay una tienda en Mánchester?",
                "Y a-t-il un magasin à Manchester ?",
                "Gibt es ein Geschäft in Manchester?",
            ],
            [
                "Is there parking at your branch in Kendal?",
                "¿Hay aparcamiento en la tienda de Kendal?",
                "Y a-t-il un parking au magasin de Kendal ?",
                "Gibt es einen Parkplatz bei der Filiale in Kendal?",
            ],
        ],
        answers: &[
            [
                "We have shops in Kendal, Keswick, Leeds, Manchester and Bath. The map shows the way, the stock and the parking places.",
                "Tenemos tiendas en Kendal, Keswick, Leeds, Mánchester y Bath. El mapa muestra el camino, las existencias y el aparcamiento.",
                "Nous avons des magasins à Kendal, Keswick, Leeds, Manchester et Bath. La carte indique le chemin, les stocks et les parkings.",
                "Wir haben Läden in Kendal, Keswick, Leeds, Manchester und Bath. Die Karte zeigt den Weg, den Bestand und die Parkplätze.",
            ],
            [
                "The largest is in Kendal, next to the workshop, with free parking. There are more in Keswick, Leeds, Manchester and Bath.",
                "La más grande está en Kendal, junto al taller, con aparcamiento gratuito. Hay otras en Keswick, Leeds, Mánchester y Bath.",
                "Le plus grand se trouve à Kendal, à côté de l'atelier, avec parking gratuit. Il y en a d'autres à Keswick, Leeds, Manchester et Bath.",
                "Der größte ist in Kendal neben der Werkstatt, mit kostenlosen Parkplätzen. Weitere gibt es in Keswick, Leeds, Manchester und Bath.",
            ],
        ],
        next: &["opening_hours", "click_collect", "tent_hire"],
        cards: &[Card {
            title: ["All shops", "Todas las tiendas", "Tous les magasins", "Alle Läden"],
            path: "/shops",
            image: "shop",
            picture: false,
            action: ["See the map", "Ver el mapa", "Voir la carte", "Karte ansehen"],
        }],
        needs_order: false,
        tool: Some("find_shop"),
        weight: 6,
    },
];
