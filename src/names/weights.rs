//! Every number of the comparison, in one table.
//!
//! Tuned by hand on the tuning half of `contrib/name_bench/cases.csv` of `OpenSanctions`' nomenklatura, organisation and company rows; see
//! `tests/quality`. Each is a share: 1 costs nothing, 0 makes two names strangers.

/// From here on two names are taken for names of one body: the middle of the range in which nothing changed on the tuning half.
pub const SAME: f64 = 0.82;

/// What a linking word (of, and, de) weighs: it may come and go.
pub(super) const LINK: f64 = 0.04;
/// The least that a word without a partner weighs, however common: a word more is a body more, often enough.
pub(super) const LEAST_LEFT: f64 = 0.5;
/// What a word in a bracket that only one name has weighs, against one outside.
pub(super) const BRACKET: f64 = 0.3;

/// Other writing of a word: `intl`, `organisation`, `44` for forty-four.
pub(super) const SPELLED: f64 = 0.98;
/// Noun and adjective, one and many: China, Chinese; Art, Arts.
pub(super) const INFLECTED: f64 = 0.95;
/// A head that translators exchange: Association, Society.
pub(super) const HEAD: f64 = 0.85;
/// A Chinese head or prefix for another: usually another body.
pub(super) const HAN_HEAD: f64 = 0.4;
/// Two words for one: `Goodwill`, `Good Will`.
pub(super) const JOINED: f64 = 0.97;
/// Initials for the words.
pub(super) const INITIALS: f64 = 0.95;

/// One name has a legal form, the other has none.
pub(super) const FORM_MISSING: f64 = 0.99;
/// Two forms of one family: open and closed joint-stock company.
pub(super) const FORM_NEAR: f64 = 0.97;
/// Two forms of different families of companies.
pub(super) const FORM_OTHER: f64 = 0.92;
/// A company and a body that may not make profit.
pub(super) const FORM_STRANGE: f64 = 0.78;
/// A number that the other name does not have.
pub(super) const NUMBER: f64 = 0.7;
/// The words stand in another order.
pub(super) const ORDER: f64 = 0.98;
/// All letters are equal, wherever the spaces are.
pub(super) const SPACES: f64 = 0.97;

/// What a Chinese prefix or head weighs; what stands between them weighs 1.
pub(super) const HAN_FRAME: f64 = 0.3;
