//! Checks the colours of `css/tokens.css`.

#![allow(clippy::many_single_char_names, reason = "colour spaces name their axes so")]

const TOKENS: &str = include_str!("../css/tokens.css");

type Rgb = [f64; 3];

/// A token's colour in the light and in the dark theme.
fn pair(name: &str) -> [Rgb; 2] {
    let start = format!("--perch-{name}: ");
    let value = TOKENS.split(&start).nth(1).expect(name).split(';').next().expect(name);
    let colours: Vec<Rgb> = value.match_indices('#').map(|(at, _)| hex(&value[at..])).collect();
    match colours[..] {
        [both] => [both, both],
        [light, dark] => [light, dark],
        _ => panic!("{name} has no colour"),
    }
}

fn hex(text: &str) -> Rgb {
    [1, 3, 5].map(|at| f64::from(u8::from_str_radix(&text[at..at + 2], 16).expect("hex")) / 255.0)
}

fn linear(colour: Rgb) -> Rgb {
    colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) })
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let luminance = |colour| {
        let [red, green, blue] = linear(colour);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[track_caller]
fn check(front: &str, back: &str, least: f64) {
    for (theme, (a, b)) in ["light", "dark"].iter().zip(pair(front).into_iter().zip(pair(back))) {
        let found = contrast(a, b);
        assert!(found >= least, "{front} on {back}, {theme}: {found:.2}, wanted {least}");
    }
}

#[test]
fn text_can_be_read() {
    for front in ["ink", "muted", "danger", "warn", "good"] {
        for back in ["surface", "sunken"] {
            check(front, back, 4.5);
        }
    }
    for back in ["raised", "danger-soft", "warn-soft", "good-soft"] {
        check("ink", back, 4.5);
    }
    for tone in ["danger", "warn", "good"] {
        check(tone, &format!("{tone}-soft"), 4.5);
    }
    check("on-accent", "accent", 4.5);
}

#[test]
fn edges_of_controls_can_be_seen() {
    check("edge", "surface", 3.0);
    check("edge", "sunken", 3.0);
}

/// The accent as text is made by the browser from whatever accent a site has.
#[test]
fn any_accent_gives_readable_text() {
    let light = 0.47;
    let dark = 0.8;
    assert!(TOKENS.contains(&format!("min(l, {light})")), "the test follows the sheet");
    assert!(TOKENS.contains(&format!("max(l, {dark:?})")), "the test follows the sheet");
    let steps = [0_u8, 51, 102, 153, 204, 255];
    for red in steps {
        for green in steps {
            for blue in steps {
                let accent = [red, green, blue].map(|c| f64::from(c) / 255.0);
                let [l, a, b] = oklab(accent);
                for (surface, l) in pair("surface").into_iter().zip([l.min(light), l.max(dark)]) {
                    let found = contrast(srgb([l, a, b]), surface);
                    assert!(found >= 4.5, "{red},{green},{blue} on {surface:?}: {found:.2}");
                }
            }
        }
    }
}

fn oklab(colour: Rgb) -> Rgb {
    let [r, g, b] = linear(colour);
    let [l, m, s] = [
        0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b,
        0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b,
        0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b,
    ]
    .map(f64::cbrt);
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn srgb([l, a, b]: Rgb) -> Rgb {
    let [l, m, s] = [
        l + 0.396_337_777_4 * a + 0.215_803_757_3 * b,
        l - 0.105_561_345_8 * a - 0.063_854_172_8 * b,
        l - 0.089_484_177_5 * a - 1.291_485_548_0 * b,
    ]
    .map(|c| c * c * c);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
    .map(|c| {
        let c = c.clamp(0.0, 1.0);
        if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
    })
}
