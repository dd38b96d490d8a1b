//! Names of places, folded: `places.txt` (the country, its provinces, prefectures and regions), `counties.txt`, and `abroad.txt`.

use crate::text::fold;
use std::collections::HashSet;
use std::sync::OnceLock;

/// The longest name of the tables, in folded characters.
pub(super) const LONGEST: usize = 20;

/// The tables, read once.
pub(super) struct Places {
    home: HashSet<String>,
    abroad: HashSet<String>,
    counties: HashSet<String>,
}

impl Places {
    /// The tables of this engine.
    pub(super) fn get() -> &'static Self {
        static PLACES: OnceLock<Places> = OnceLock::new();
        PLACES.get_or_init(|| Self {
            home: words(include_str!("places.txt")),
            abroad: words(include_str!("abroad.txt")),
            counties: words(include_str!("counties.txt")),
        })
    }

    /// A province, prefecture, region, country or great city: in Chinese, or in letters run together.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.is_at_home(name) || self.abroad.contains(name)
    }

    /// A place of China, or China: not a county.
    pub(super) fn is_at_home(&self, name: &str) -> bool {
        self.home.contains(name)
    }

    /// A county without its suffix.
    pub(super) fn is_county(&self, name: &str) -> bool {
        self.counties.contains(name)
    }
}

fn words(table: &str) -> HashSet<String> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(|word| String::from_utf16_lossy(&fold(word))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_hold_provinces_prefectures_and_their_romanised_names() {
        let places = Places::get();
        for name in
            ["北京", "浙江", "内蒙古", "阿坝", "东莞", "华北", "马来西亚", "zhejiang", "hohhot", "hongkong", "dubai"]
        {
            assert!(places.is_known(name), "{name}");
        }
        for name in ["象山", "义乌", "昆山"] {
            assert!(places.is_county(name) && !places.is_known(name), "{name}");
        }
        assert!(places.home.len() > 600 && places.abroad.len() > 150 && places.counties.len() > 1_400);
    }

    #[test]
    fn what_is_abroad_is_no_place_of_the_country() {
        let places = Places::get();
        for (name, is_at_home) in [
            ("zhejiang", true),
            ("hongkong", true),
            ("china", true),
            ("华北", true),
            ("boston", false),
            ("马来西亚", false),
        ] {
            assert!(places.is_known(name), "{name}");
            assert_eq!(places.is_at_home(name), is_at_home, "{name}");
        }
    }

    #[test]
    fn ordinary_words_are_no_places() {
        let places = Places::get();
        for name in
            ["东方", "合作", "公安", "教育", "书画", "文化", "青年", "民乐", "", "#", "branch", "office", "culture"]
        {
            assert!(!places.is_known(name) && !places.is_county(name), "{name}");
        }
    }

    #[test]
    fn no_name_is_longer_than_what_is_looked_for() {
        let places = Places::get();
        for name in places.home.iter().chain(&places.abroad).chain(&places.counties) {
            assert!(name.chars().count() <= LONGEST, "{name}");
        }
    }
}
