//! How a host is made to look like another.

/// A way of imitating a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Disguise {
    /// The whole host in front of another: `mca.gov.cn.query.example`.
    Subdomain,
    /// Hyphens for dots, put in between or around, or left out: `mca-gov-cn.example`.
    Hyphen,
    /// Letters that look alike: `examp1e.com`, a Cyrillic letter.
    Homoglyph,
    /// The same name under another suffix.
    OtherSuffix,
    /// A letter more, less, changed, or two swapped.
    Typo,
    /// The short name of an authority as a part of the host.
    Token,
}

impl Disguise {
    /// Every disguise, the most telling first.
    pub const ALL: [Disguise; 6] = [
        Disguise::Subdomain,
        Disguise::Hyphen,
        Disguise::Homoglyph,
        Disguise::OtherSuffix,
        Disguise::Typo,
        Disguise::Token,
    ];

    /// Their names, in the same order.
    pub const WORDS: [&str; 6] = ["subdomain", "hyphen", "homoglyph", "other-tld", "typo", "authority-token"];

    /// The name in verdicts and conditions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// How surely such a host is meant to be taken for the other, 0 to 1: a whole address is written on purpose, a letter
    /// may be anybody's, and a short name is many people's.
    #[must_use]
    pub const fn weight(self) -> f64 {
        match self {
            Disguise::Subdomain => 0.9,
            Disguise::Hyphen | Disguise::Homoglyph => 0.85,
            Disguise::OtherSuffix => 0.7,
            Disguise::Typo => 0.65,
            Disguise::Token => 0.5,
        }
    }
}
