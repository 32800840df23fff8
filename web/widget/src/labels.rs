//! What the widget says by itself, in the languages it speaks.

/// The widget's words in one language. `{}` marks the place of a name or a number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Labels {
    /// BCP 47 tag of this language.
    pub(crate) lang: &'static str,
    pub(crate) chat: &'static str,
    pub(crate) close: &'static str,
    pub(crate) placeholder: &'static str,
    pub(crate) send: &'static str,
    pub(crate) conversation: &'static str,
    pub(crate) you: &'static str,
    pub(crate) assistant: &'static str,
    pub(crate) person: &'static str,
    pub(crate) typing: &'static str,
    pub(crate) suggestions: &'static str,
    pub(crate) new_tab: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) delivered: &'static str,
    pub(crate) uncertain: &'static str,
    pub(crate) undelivered: &'static str,
    pub(crate) send_again: &'static str,
    pub(crate) new_messages: &'static str,
    pub(crate) fresh: &'static str,
    pub(crate) today: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) trying_in: &'static str,
    pub(crate) try_now: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) connected: &'static str,
    pub(crate) offline: &'static str,
    pub(crate) gave_up: &'static str,
    pub(crate) replaced: &'static str,
    pub(crate) use_here: &'static str,
    pub(crate) idle: &'static str,
    pub(crate) check: &'static str,
    pub(crate) no_start: &'static str,
    pub(crate) not_here: &'static str,
    pub(crate) too_long: &'static str,
    pub(crate) too_many: &'static str,
    pub(crate) handoff: &'static str,
    pub(crate) queue: &'static str,
    pub(crate) wait_minutes: &'static str,
    pub(crate) wait_short: &'static str,
    pub(crate) joined: &'static str,
    pub(crate) person_left: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) end: &'static str,
    pub(crate) end_question: &'static str,
    pub(crate) keep: &'static str,
    pub(crate) ended: &'static str,
    pub(crate) ended_idle: &'static str,
    pub(crate) new_chat: &'static str,
}

impl Labels {
    /// The labels for a language tag; English for a language the widget does not speak.
    pub(crate) fn of(tag: &str) -> &'static Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        ALL.iter().find(|labels| labels.lang.eq_ignore_ascii_case(language)).unwrap_or(&EN)
    }
}

/// Puts a value into a label.
pub(crate) fn fill(label: &str, value: &str) -> String {
    let (before, after) = label.split_once('{').unwrap_or((label, ""));
    [before, value, after.trim_start_matches('}')].concat()
}

static ALL: [Labels; 4] = [EN, ES, FR, DE];

const EN: Labels = Labels {
    lang: "en",
    chat: "Chat",
    close: "Close chat",
    placeholder: "Write a message",
    send: "Send",
    conversation: "Conversation",
    you: "You",
    assistant: "Virtual assistant",
    person: "Customer support",
    typing: "{} is typing",
    suggestions: "Suggested replies",
    new_tab: "opens in a new tab",
    sending: "Sending",
    delivered: "Delivered",
    uncertain: "Delivery not confirmed",
    undelivered: "Not delivered",
    send_again: "Send again",
    new_messages: "New messages",
    fresh: "New chat",
    today: "Today",
    connecting: "Connecting",
    trying_in: "Connection lost. Trying again in {} s.",
    try_now: "Try now",
    try_again: "Try again",
    connected: "Connected again.",
    offline: "You are offline. Your messages are sent as soon as you are back.",
    gave_up: "The connection could not be restored.",
    replaced: "The chat goes on in another window.",
    use_here: "Continue here",
    idle: "Are you still there? The chat will end soon.",
    check: "Check that you are a person",
    no_start: "The chat could not be started.",
    not_here: "The chat is not available on this page.",
    too_long: "This message is too long. Please shorten it.",
    too_many: "Too many messages are still waiting to be sent.",
    handoff: "Connecting you with a person",
    queue: "You are number {} in the queue.",
    wait_minutes: "The wait is about {} min.",
    wait_short: "The wait is less than a minute.",
    joined: "{} has joined the chat.",
    person_left: "The person you talked to has left.",
    elsewhere: "Our team takes over from here.",
    nobody: "Nobody could take over just now.",
    end: "End chat",
    end_question: "Do you want to end this chat?",
    keep: "Keep chatting",
    ended: "The chat has ended.",
    ended_idle: "The chat ended because nobody wrote for a while.",
    new_chat: "Start a new chat",
};

const ES: Labels = Labels {
    lang: "es",
    chat: "Chat",
    close: "Cerrar chat",
    placeholder: "Escribe un mensaje",
    send: "Enviar",
    conversation: "Conversación",
    you: "Tú",
    assistant: "Asistente virtual",
    person: "Atención al cliente",
    typing: "{} está escribiendo",
    suggestions: "Respuestas sugeridas",
    new_tab: "se abre en una pestaña nueva",
    sending: "Enviando",
    delivered: "Entregado",
    uncertain: "Entrega sin confirmar",
    undelivered: "No entregado",
    send_again: "Enviar de nuevo",
    new_messages: "Mensajes nuevos",
    fresh: "Chat nuevo",
    today: "Hoy",
    connecting: "Conectando",
    trying_in: "Se perdió la conexión. Nuevo intento en {} s.",
    try_now: "Intentar ahora",
    try_again: "Reintentar",
    connected: "Conexión restablecida.",
    offline: "Estás sin conexión. Tus mensajes se enviarán en cuanto vuelvas.",
    gave_up: "No se pudo restablecer la conexión.",
    replaced: "El chat continúa en otra ventana.",
    use_here: "Continuar aquí",
    idle: "¿Sigues ahí? El chat terminará pronto.",
    check: "Comprobación de que eres una persona",
    no_start: "No se pudo iniciar el chat.",
    not_here: "El chat no está disponible en esta página.",
    too_long: "Este mensaje es demasiado largo. Acórtalo, por favor.",
    too_many: "Hay demasiados mensajes pendientes de envío.",
    handoff: "Te ponemos en contacto con una persona",
    queue: "Eres el número {} en la cola.",
    wait_minutes: "La espera es de unos {} min.",
    wait_short: "La espera es de menos de un minuto.",
    joined: "{} se ha unido al chat.",
    person_left: "La persona que te atendía ha salido.",
    elsewhere: "Nuestro equipo continúa a partir de aquí.",
    nobody: "Nadie ha podido atenderte en este momento.",
    end: "Finalizar chat",
    end_question: "¿Quieres finalizar este chat?",
    keep: "Seguir chateando",
    ended: "El chat ha terminado.",
    ended_idle: "El chat terminó porque nadie escribió durante un rato.",
    new_chat: "Iniciar un chat nuevo",
};

const FR: Labels = Labels {
    lang: "fr",
    chat: "Chat",
    close: "Fermer le chat",
    placeholder: "Écrivez un message",
    send: "Envoyer",
    conversation: "Conversation",
    you: "Vous",
    assistant: "Assistant virtuel",
    person: "Service client",
    typing: "{} est en train d’écrire",
    suggestions: "Réponses suggérées",
    new_tab: "s’ouvre dans un nouvel onglet",
    sending: "Envoi",
    delivered: "Distribué",
    uncertain: "Distribution non confirmée",
    undelivered: "Non distribué",
    send_again: "Renvoyer",
    new_messages: "Nouveaux messages",
    fresh: "Nouveau chat",
    today: "Aujourd’hui",
    connecting: "Connexion",
    trying_in: "Connexion perdue. Nouvel essai dans {} s.",
    try_now: "Essayer maintenant",
    try_again: "Réessayer",
    connected: "Connexion rétablie.",
    offline: "Vous êtes hors ligne. Vos messages partiront dès votre retour.",
    gave_up: "La connexion n’a pas pu être rétablie.",
    replaced: "Le chat continue dans une autre fenêtre.",
    use_here: "Continuer ici",
    idle: "Êtes-vous toujours là ? Le chat se terminera bientôt.",
    check: "Vérification que vous êtes humain",
    no_start: "Le chat n’a pas pu démarrer.",
    not_here: "Le chat n’est pas disponible sur cette page.",
    too_long: "Ce message est trop long. Veuillez le raccourcir.",
    too_many: "Trop de messages attendent encore d’être envoyés.",
    handoff: "Nous vous mettons en relation avec une personne",
    queue: "Vous êtes numéro {} dans la file.",
    wait_minutes: "L’attente est d’environ {} min.",
    wait_short: "L’attente est de moins d’une minute.",
    joined: "{} a rejoint le chat.",
    person_left: "Votre interlocuteur a quitté le chat.",
    elsewhere: "Notre équipe prend le relais.",
    nobody: "Personne n’a pu prendre le relais pour le moment.",
    end: "Terminer le chat",
    end_question: "Voulez-vous terminer ce chat ?",
    keep: "Continuer le chat",
    ended: "Le chat est terminé.",
    ended_idle: "Le chat s’est terminé faute de messages.",
    new_chat: "Commencer un nouveau chat",
};

const DE: Labels = Labels {
    lang: "de",
    chat: "Chat",
    close: "Chat schließen",
    placeholder: "Nachricht schreiben",
    send: "Senden",
    conversation: "Unterhaltung",
    you: "Sie",
    assistant: "Virtuelle Assistenz",
    person: "Kundendienst",
    typing: "{} schreibt",
    suggestions: "Vorgeschlagene Antworten",
    new_tab: "öffnet sich in einem neuen Tab",
    sending: "Wird gesendet",
    delivered: "Zugestellt",
    uncertain: "Zustellung nicht bestätigt",
    undelivered: "Nicht zugestellt",
    send_again: "Erneut senden",
    new_messages: "Neue Nachrichten",
    fresh: "Neuer Chat",
    today: "Heute",
    connecting: "Verbindung wird aufgebaut",
    trying_in: "Verbindung verloren. Neuer Versuch in {} s.",
    try_now: "Jetzt versuchen",
    try_again: "Erneut versuchen",
    connected: "Wieder verbunden.",
    offline: "Sie sind offline. Ihre Nachrichten werden gesendet, sobald Sie zurück sind.",
    gave_up: "Die Verbindung ließ sich nicht wiederherstellen.",
    replaced: "Der Chat läuft in einem anderen Fenster weiter.",
    use_here: "Hier fortsetzen",
    idle: "Sind Sie noch da? Der Chat endet bald.",
    check: "Prüfung, ob Sie ein Mensch sind",
    no_start: "Der Chat konnte nicht gestartet werden.",
    not_here: "Der Chat ist auf dieser Seite nicht verfügbar.",
    too_long: "Diese Nachricht ist zu lang. Bitte kürzen Sie sie.",
    too_many: "Es warten noch zu viele Nachrichten auf den Versand.",
    handoff: "Wir verbinden Sie mit einem Menschen",
    queue: "Sie sind Nummer {} in der Warteschlange.",
    wait_minutes: "Die Wartezeit beträgt etwa {} Min.",
    wait_short: "Die Wartezeit beträgt weniger als eine Minute.",
    joined: "{} ist dem Chat beigetreten.",
    person_left: "Ihr Gegenüber hat den Chat verlassen.",
    elsewhere: "Unser Team übernimmt ab hier.",
    nobody: "Gerade konnte niemand übernehmen.",
    end: "Chat beenden",
    end_question: "Möchten Sie diesen Chat beenden?",
    keep: "Weiter chatten",
    ended: "Der Chat ist beendet.",
    ended_idle: "Der Chat wurde beendet, weil länger niemand geschrieben hat.",
    new_chat: "Neuen Chat beginnen",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_tag() {
        assert_eq!(Labels::of("de-AT").lang, "de");
        assert_eq!(Labels::of("ES").lang, "es");
        assert_eq!(Labels::of("fr_CA").lang, "fr");
        for unknown in ["", "-", "pt-BR", "engadin", "日本"] {
            assert_eq!(Labels::of(unknown).lang, "en", "{unknown}");
        }
    }

    #[test]
    fn every_language_has_the_places_english_has() {
        let shape = |labels: &Labels| {
            [labels.typing, labels.trying_in, labels.queue, labels.wait_minutes, labels.joined]
                .map(|label| label.matches("{}").count())
        };
        for labels in &ALL {
            assert_eq!(shape(labels), [1; 5], "{}", labels.lang);
            let all = format!("{labels:?}");
            assert_eq!(all.matches("{}").count(), 5, "{}: a stray place", labels.lang);
            assert!(!all.contains("\"\""), "{}: an empty label", labels.lang);
        }
    }

    #[test]
    fn values_are_put_in_as_they_are() {
        assert_eq!(fill("{} is typing", "{}"), "{} is typing");
        assert_eq!(fill("In {} s", "3"), "In 3 s");
    }
}
