//! Named entities of HTML: those of HTML 4, and of HTML 5 what is a sign between letters or invisible.
//!
//! From the "Named character references" of the HTML standard. Not here: mathematics, arrows, scripts that no name is written in.

/// Names whose characters follow one another, from the first of each run.
const RUNS: &[(u32, &str)] = &[
    (
        0xA0,
        "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para \
         middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave \
         Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute \
         Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
         iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml",
    ),
    (0x391, "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho"),
    (0x3A3, "Sigma Tau Upsilon Phi Chi Psi Omega"),
    (
        0x3B1,
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi \
         psi omega",
    ),
    (0x100, "Amacr amacr Abreve abreve Aogon aogon Cacute cacute Ccirc ccirc Cdot cdot Ccaron ccaron Dcaron dcaron"),
    (0x112, "Emacr emacr"),
    (0x11A, "Ecaron ecaron"),
    (0x12A, "Imacr imacr"),
    (0x14C, "Omacr omacr"),
    (0x16A, "Umacr umacr"),
];

/// Single names, in the order of the characters' names.
#[rustfmt::skip]
const SINGLE: &[(&str, char)] = &[
    ("amp", '&'), ("AMP", '&'), ("lt", '<'), ("LT", '<'), ("gt", '>'), ("GT", '>'), ("quot", '"'), ("apos", '\''),
    ("inodot", 'ı'), ("imath", 'ı'), ("OElig", 'Œ'), ("oelig", 'œ'), ("Scaron", 'Š'), ("scaron", 'š'), ("Yuml", 'Ÿ'), ("fnof", 'ƒ'),
    ("circ", 'ˆ'), ("tilde", '˜'), ("ensp", '\u{2002}'), ("emsp", '\u{2003}'), ("thinsp", '\u{2009}'), ("hairsp", '\u{200A}'),
    ("ZeroWidthSpace", '\u{200B}'), ("NegativeThinSpace", '\u{200B}'), ("zwnj", '\u{200C}'), ("zwj", '\u{200D}'), ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'), ("NoBreak", '\u{2060}'), ("NonBreakingSpace", '\u{A0}'), ("InvisibleTimes", '\u{2062}'), ("it", '\u{2062}'),
    ("InvisibleComma", '\u{2063}'), ("ic", '\u{2063}'), ("ApplyFunction", '\u{2061}'), ("af", '\u{2061}'),
    ("hyphen", '‐'), ("dash", '‐'), ("ndash", '–'), ("mdash", '—'), ("horbar", '―'), ("lsquo", '‘'), ("rsquo", '’'), ("sbquo", '‚'),
    ("ldquo", '“'), ("rdquo", '”'), ("bdquo", '„'), ("dagger", '†'), ("Dagger", '‡'), ("bull", '•'), ("bullet", '•'), ("hellip", '…'),
    ("mldr", '…'), ("permil", '‰'), ("prime", '′'), ("Prime", '″'), ("lsaquo", '‹'), ("rsaquo", '›'), ("oline", '‾'), ("frasl", '⁄'),
    ("euro", '€'), ("image", 'ℑ'), ("weierp", '℘'), ("real", 'ℜ'), ("trade", '™'), ("centerdot", '·'), ("sdot", '⋅'), ("minus", '−'),
    ("lowast", '∗'), ("star", '☆'), ("starf", '★'), ("Tab", '\t'), ("NewLine", '\n'), ("excl", '!'), ("num", '#'), ("dollar", '$'),
    ("percnt", '%'), ("lpar", '('), ("rpar", ')'), ("ast", '*'), ("midast", '*'), ("plus", '+'), ("comma", ','), ("period", '.'),
    ("sol", '/'), ("colon", ':'), ("semi", ';'), ("equals", '='), ("quest", '?'), ("commat", '@'), ("lsqb", '['), ("lbrack", '['),
    ("bsol", '\\'), ("rsqb", ']'), ("rbrack", ']'), ("Hat", '^'), ("lowbar", '_'), ("grave", '`'), ("lcub", '{'), ("lbrace", '{'),
    ("verbar", '|'), ("vert", '|'), ("rcub", '}'), ("rbrace", '}'),
];

/// The longest name above.
const LONGEST: usize = 17;

/// The character of the named entity at the beginning of `rest` (`&name;`), and the bytes of the entity.
pub(super) fn named(rest: &str) -> Option<(usize, char)> {
    let length = rest.bytes().skip(1).take(LONGEST + 1).position(|b| b == b';')?;
    let name = rest.get(1..=length)?;
    let single = || SINGLE.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    Some((length + 2, single().or_else(|| in_a_run(name))?))
}

fn in_a_run(name: &str) -> Option<char> {
    let codes = RUNS.iter().flat_map(|(first, names)| (*first..).zip(names.split(' ')));
    codes.into_iter().find(|(_, known)| *known == name).and_then(|(code, _)| char::from_u32(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_browsers_read_them() {
        for (written, c) in [
            ("&nbsp;", '\u{A0}'),
            ("&yuml;x", 'ÿ'),
            ("&times;", '×'),
            ("&Omega;", 'Ω'),
            ("&Sigma;", 'Σ'),
            ("&sigmaf;", 'ς'),
            ("&omega;", 'ω'),
            ("&ccaron;", 'č'),
            ("&dcaron;", 'ď'),
            ("&ecaron;", 'ě'),
            ("&umacr;", 'ū'),
            ("&zwj;", '\u{200D}'),
            ("&NegativeThinSpace;", '\u{200B}'),
            ("&rbrace;", '}'),
        ] {
            assert_eq!(named(written).map(|(_, c)| c), Some(c), "{written}");
        }
        for written in ["&", "&;", "&nbsp", "& nbsp;", "&NBSP;", "&中;", "&verylongnamethatisnone;", "&名字很长很长;"]
        {
            assert_eq!(named(written), None, "{written}");
        }
    }

    #[test]
    fn every_name_stands_once_and_fits() {
        let mut names: Vec<&str> = RUNS.iter().flat_map(|(_, names)| names.split(' ')).collect();
        names.extend(SINGLE.iter().map(|(name, _)| *name));
        assert_eq!(names.iter().map(|name| name.len()).max(), Some(LONGEST));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
