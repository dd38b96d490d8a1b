//! Legal forms: one form in its writings, forms of one family, and taking them off a name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What kind of body a form makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Says that it is a company, and no more: Company, Corporation, Inc.
    Company,
    /// With limited liability.
    Limited,
    /// With shares.
    Stock,
    /// Of partners.
    Partners,
    /// Of one person.
    Person,
    /// Of the state.
    State,
    /// Of its members.
    Cooperative,
    /// Not for profit.
    Nonprofit,
}

/// A legal form.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Its commonest abbreviation.
    pub id: &'static str,
    /// What kind of body it makes.
    pub family: Family,
    /// Its writings, as a [`super::Name`] reads them: lower case, Latin letters, no dots; or Han characters at the end of a name.
    pub spellings: &'static [&'static str],
}

macro_rules! forms {
    ($($family:ident { $($id:literal: $($spelling:literal)|+;)+ })+) => {
        &[$($(Form { id: $id, family: Family::$family, spellings: &[$($spelling),+] },)+)+]
    };
}

/// Forms by family. General knowledge; a writing here makes two names alike, it never makes anything listed.
pub const FORMS: &[Form] = forms! {
    Company {
        "co": "co" | "company" | "comp" | "cia" | "companhia" | "compania" | "compagnie" | "cie" | "kompaniia" | "公司";
        "corp": "corp" | "corporation" | "corporacion" | "korporatsiia";
        "inc": "inc" | "incorporated" | "incorporation";
    }
    Limited {
        "ltd": "ltd" | "limited" | "co ltd" | "company limited" | "company ltd" | "co limited" | "corp ltd" | "corporation limited"
            | "corporation ltd" | "pty ltd" | "pty limited" | "proprietary limited" | "pvt ltd" | "private limited" | "pte ltd" | "private ltd"
            | "ltda" | "limitada" | "sdn bhd" | "bhd" | "berhad" | "有限公司" | "有限责任公司" | "lda" | "ltee" | "limitee";
        "llc": "llc" | "limited liability company" | "limited liability co" | "l l c" | "fze" | "fz llc" | "fzco" | "fzc";
        "ooo": "ooo" | "obshchestvo s ogranichennoi otvetstvennostiu" | "obshchestvo s ogranichennoy otvetstvennostyu" | "tov"
            | "tovarystvo z obmezhenoiu vidpovidalnistiu" | "too" | "tovarishchestvo s ogranichennoi otvetstvennostiu" | "osoo";
        "gmbh": "gmbh" | "gesellschaft mit beschrankter haftung" | "gesellschaft mit beschraenkter haftung" | "ges mbh" | "gesmbh" | "mbh" | "ggmbh"
            | "ug" | "unternehmergesellschaft" | "gmbh and co kg" | "gmbh co kg";
        "sarl": "sarl" | "societe a responsabilite limitee" | "sas" | "societe par actions simplifiee" | "sasu" | "eurl";
        "srl": "srl" | "societa a responsabilita limitata" | "societatea cu raspundere limitata" | "societate cu raspundere limitata"
            | "sociedad de responsabilidad limitada" | "sociedad limitada" | "sl" | "s de rl de cv" | "s de rl" | "slu";
        "bv": "bv" | "besloten vennootschap" | "bvba";
        "spzoo": "sp zoo" | "spzoo" | "sp z oo" | "spolka z oo" | "spolka z ograniczona odpowiedzialnoscia";
        "doo": "doo" | "drustvo s ogranicenom odgovornoscu" | "druzba z omejeno odgovornostjo" | "dooel";
        "sro": "sro" | "spol sro" | "spolecnost s rucenim omezenym";
        "kft": "kft" | "korlatolt felelossegu tarsasag";
        "eood": "ood" | "eood";
        "aps": "aps" | "anpartsselskab";
        "sia": "sia" | "sabiedriba ar ierobezotu atbildibu";
        "uab": "uab" | "uzdaroji akcine bendrove";
        "ou": "ou" | "osauhing";
        "oy": "oy" | "osakeyhtio";
        "yk": "yk" | "有限会社" | "yugen kaisha";
    }
    Stock {
        "jsc": "jsc" | "joint stock company" | "joint stock co" | "joint stock compan" | "joint stock" | "ao" | "aktsionernoe obshchestvo"
            | "at" | "aktsionerne tovarystvo" | "股份有限公司" | "股份公司" | "股份制公司" | "cty cp" | "cong ty co phan";
        "ojsc": "ojsc" | "open joint stock company" | "oao" | "otkrytoe aktsionernoe obshchestvo" | "pjsc" | "public joint stock company" | "pao"
            | "publichnoe aktsionernoe obshchestvo" | "vat" | "pat" | "open jsc" | "public jsc";
        "cjsc": "cjsc" | "closed joint stock company" | "zao" | "zakrytoe aktsionernoe obshchestvo" | "closed jsc" | "prjsc" | "private joint stock company";
        "plc": "plc" | "public limited company" | "public limited co" | "public ltd co";
        "ag": "ag" | "aktiengesellschaft" | "aktien gesellschaft" | "ag and co kg" | "kgaa" | "ag and co kgaa";
        "sa": "sa" | "sociedad anonima" | "societe anonyme" | "sociedade anonima" | "s a" | "spolka akcyjna" | "anonim sirketi" | "sa de cv"
            | "sociedad anonima de capital variable" | "sab de cv" | "s a de cv" | "anonymi etairia" | "ae";
        "spa": "spa" | "societa per azioni" | "sociedad por acciones";
        "nv": "nv" | "naamloze vennootschap";
        "se": "se" | "societas europaea";
        "ab": "ab" | "aktiebolag" | "aktiebolaget" | "publ" | "ab publ";
        "as": "as" | "aktieselskab" | "aksjeselskap" | "asa" | "allmennaksjeselskap" | "akciova spolecnost" | "aktsiaselts" | "anonim sirket" | "a s";
        "oyj": "oyj" | "julkinen osakeyhtio";
        "dd": "dd" | "dionicko drustvo" | "delniska druzba" | "ad" | "akcionarsko drustvo" | "aktsionerno druzhestvo";
        "nyrt": "nyrt" | "zrt" | "rt" | "reszvenytarsasag";
        "tbk": "tbk" | "pt" | "perseroan terbatas";
        "kk": "kk" | "kabushiki kaisha" | "kabushiki gaisha" | "株式会社";
        "na": "na" | "national association";
    }
    Partners {
        "lp": "lp" | "limited partnership" | "l p" | "kg" | "kommanditgesellschaft" | "有限合伙" | "合伙企业";
        "llp": "llp" | "limited liability partnership" | "l l p" | "特殊普通合伙";
        "gp": "gp" | "general partnership" | "ohg" | "offene handelsgesellschaft" | "gbr" | "snc" | "vof";
    }
    Person {
        "ip": "ip" | "individualnyi predprinimatel" | "sole proprietorship" | "ek" | "eingetragener kaufmann" | "fop";
        "eirl": "eirl" | "eireli";
    }
    State {
        "fgup": "fgup" | "federalnoe gosudarstvennoe unitarnoe predpriiatie" | "gup" | "federal state unitary enterprise" | "fsue"
            | "state unitary enterprise" | "unitary enterprise" | "gosudarstvennoe unitarnoe predpriiatie";
        "soe": "state owned enterprise" | "state enterprise" | "state company" | "gosudarstvennoe predpriiatie" | "derzhavne pidpryiemstvo";
    }
    Cooperative {
        "coop": "coop" | "co op" | "cooperative" | "kooperativ" | "eg" | "eingetragene genossenschaft" | "scrl" | "合作社" | "专业合作社";
    }
    Nonprofit {
        "ano": "ano" | "avtonomnaia nekommercheskaia organizatsiia" | "autonomous non profit organization" | "autonomous nonprofit organization";
        "ev": "ev" | "eingetragener verein" | "verein";
        "asbl": "asbl" | "vzw" | "association sans but lucratif" | "aisbl";
        "npo": "npo" | "nonprofit organization" | "non profit organization" | "ngo" | "non governmental organization" | "民办非企业单位";
        "cic": "cic" | "community interest company" | "cio" | "charitable incorporated organisation";
        "stiftung": "stiftung" | "stichting" | "fond" | "fondation";
    }
};

/// Forms that come before the name in their languages.
const LEADING: &[&str] = &[
    "ooo",
    "too",
    "oao",
    "zao",
    "pao",
    "ao",
    "tov",
    "vat",
    "pat",
    "jsc",
    "ojsc",
    "cjsc",
    "pjsc",
    "llc",
    "srl",
    "sarl",
    "uab",
    "sia",
    "pt",
    "ano",
    "fgup",
    "gup",
    "ip",
    "fop",
    "npo",
    "cong ty co phan",
    "ltd",
    "stichting",
    "asbl",
    "fond",
];

/// The longest phrase of the table, in words.
const LONGEST: usize = 5;

/// The form that some words write.
pub(super) fn of_words(words: &[&str]) -> Option<&'static Form> {
    static TABLE: LazyLock<HashMap<&'static str, &'static Form>> = LazyLock::new(|| {
        FORMS.iter().flat_map(|form| form.spellings.iter().map(move |words| (*words, form))).collect()
    });
    TABLE.get(words.join(" ").as_str()).copied()
}

/// The form at the end of a run of Han characters, and what is before it.
pub(super) fn of_han(run: &str) -> Option<(&str, &'static Form)> {
    let endings = FORMS.iter().flat_map(|form| form.spellings.iter().map(move |spelling| (*spelling, form)));
    let fitting =
        endings.filter(|(spelling, _)| !spelling.is_ascii() && run.ends_with(spelling) && run.len() > spelling.len());
    let (spelling, form) = fitting.max_by_key(|(spelling, _)| spelling.len())?;
    Some((&run[..run.len() - spelling.len()], form))
}

/// Takes forms off: at the end as long as there are some, at the beginning where the form may lead, elsewhere only one of three words
/// or more. `is_bracketed` words at the end are skipped (`GmbH (Schweiz)`). Never takes the last word.
pub(super) fn take(words: &mut Vec<(String, bool)>) -> Vec<&'static Form> {
    let mut forms: Vec<&'static Form> = Vec::new();
    while let Some((at, len, form)) = at_end(words).or_else(|| at_start(words)).or_else(|| inside(words)) {
        words.drain(at..at + len);
        if !forms.iter().any(|other| other.id == form.id) {
            forms.push(form);
        }
    }
    forms
}

type Taken = (usize, usize, &'static Form);

fn phrase(words: &[(String, bool)], at: usize, len: usize) -> Option<Taken> {
    let slice = words.get(at..at + len)?;
    let form = of_words(&slice.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>())?;
    (len < words.len()).then_some((at, len, form))
}

fn at_end(words: &[(String, bool)]) -> Option<Taken> {
    let all = words.len();
    let outside = words.iter().rposition(|(_, bracketed)| !bracketed).map_or(all, |last| last + 1);
    let ends = if outside == all { vec![all] } else { vec![all, outside] };
    ends.into_iter().find_map(|end| (1..=LONGEST.min(end)).rev().find_map(|len| phrase(words, end - len, len)))
}

fn at_start(words: &[(String, bool)]) -> Option<Taken> {
    let found = (1..=LONGEST).rev().find_map(|len| phrase(words, 0, len))?;
    let written = words[..found.1].iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ");
    (found.1 >= 3 || LEADING.contains(&written.as_str())).then_some(found)
}

fn inside(words: &[(String, bool)]) -> Option<Taken> {
    (1..words.len()).find_map(|at| (3..=LONGEST).rev().find_map(|len| phrase(words, at, len)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn a_writing_stands_for_one_form_and_is_as_names_are_read() {
        let mut seen: HashMap<&str, &str> = HashMap::new();
        for form in FORMS {
            for spelling in form.spellings {
                assert!(seen.insert(spelling, form.id).is_none_or(|other| other == form.id), "{spelling}");
                let words = spelling.split(' ').count();
                let latin = spelling.bytes().all(|b| b.is_ascii_lowercase() || b == b' ');
                assert!(words <= LONGEST && (latin || !spelling.is_ascii()), "{spelling}");
            }
        }
        assert!(LEADING.iter().all(|words| seen.contains_key(words)));
    }

    #[test]
    fn forms_are_taken_where_they_stand_by_habit() {
        for (name, left, ids) in [
            ("alphabet inc", "alphabet", &["inc"] as &[_]),
            ("hon hai precision industry co ltd", "hon hai precision industry", &["ltd"]),
            ("ooo bai", "bai", &["ooo"]),
            ("tactical missiles corporation joint stock company", "tactical missiles", &["jsc", "corp"]),
            ("inc", "inc", &[]),
            ("as roma", "as roma", &[]),
            ("limited edition", "limited edition", &[]),
            ("co ordination", "co ordination", &[]),
        ] {
            let mut words: Vec<(String, bool)> = name.split(' ').map(|word| (word.to_owned(), false)).collect();
            let found: Vec<&str> = take(&mut words).iter().map(|form| form.id).collect();
            let rest: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
            assert_eq!((rest.join(" ").as_str(), &found[..]), (left, ids), "{name}");
        }
        assert_eq!(of_han("某某股份有限公司").map(|(rest, form)| (rest, form.id)), Some(("某某", "jsc")));
        assert!(of_han("有限公司").is_none_or(|(rest, _)| !rest.is_empty()));
        assert!(of_han("某某协会").is_none());
    }
}
