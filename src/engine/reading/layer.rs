//! A text read in another way, and the way back: `中&#22269;` -> `中国`, whose bytes 3..6 stand for bytes 3..11.
//!
//! What is not undone is copied, so that a layer holds as many edits as there was something to undo.

use crate::text::{Fold, FoldSet};
use std::ops::Range;

/// A text derived from another one, with what was undone where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    text: String,
    /// In order, without overlaps, in both texts.
    edits: Vec<Edit>,
}

/// One place that reads otherwise than it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    /// Bytes of the derived text; empty when something was taken out.
    read: Range<usize>,
    /// Bytes of the source; never empty.
    written: Range<usize>,
    fold: Fold,
}

impl Layer {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the source that a non-empty range of the derived text stands for. What was taken out before its first
    /// character or behind its last does not belong to it.
    pub(super) fn written(&self, read: &Range<usize>) -> Range<usize> {
        self.start(read.start)..self.end(read.end)
    }

    /// What was undone within a range of the derived text.
    pub(super) fn undone(&self, read: &Range<usize>) -> FoldSet {
        let behind = self.edits.partition_point(|edit| edit.read.end <= read.start);
        self.edits[behind..].iter().take_while(|edit| edit.read.start < read.end).map(|edit| edit.fold).collect()
    }

    fn start(&self, at: usize) -> usize {
        match self.edits.partition_point(|edit| edit.read.start <= at).checked_sub(1).map(|i| &self.edits[i]) {
            None => at,
            Some(edit) if at < edit.read.end => edit.written.start,
            Some(edit) => edit.written.end + (at - edit.read.end),
        }
    }

    fn end(&self, at: usize) -> usize {
        match self.edits.partition_point(|edit| edit.read.start < at).checked_sub(1).map(|i| &self.edits[i]) {
            None => at,
            Some(edit) if at <= edit.read.end => edit.written.end,
            Some(edit) => edit.written.end + (at - edit.read.end),
        }
    }
}

/// Writes a layer from left to right.
#[derive(Debug)]
pub(super) struct LayerBuilder<'t> {
    source: &'t str,
    /// How far the source is copied or replaced.
    done: usize,
    layer: Layer,
}

impl<'t> LayerBuilder<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        Self { source, done: 0, layer: Layer { text: String::new(), edits: Vec::new() } }
    }

    /// Reads `with` where the source has `written`, which lies behind everything replaced before.
    pub(super) fn replace(&mut self, written: Range<usize>, with: &str, fold: Fold) {
        self.layer.text.push_str(&self.source[self.done..written.start]);
        let start = self.layer.text.len();
        self.layer.text.push_str(with);
        self.done = written.end;
        self.layer.edits.push(Edit { read: start..self.layer.text.len(), written, fold });
    }

    /// The layer; `None` when nothing was replaced.
    pub(super) fn finish(mut self) -> Option<Layer> {
        self.layer.text.push_str(&self.source[self.done..]);
        (!self.layer.edits.is_empty()).then_some(self.layer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A layer of `source` with the pieces between `{` and `|` read as what stands between `|` and `}`.
    fn layer(marked: &str) -> (String, Layer) {
        let (mut source, mut replaced) = (String::new(), Vec::new());
        let mut rest = marked;
        while let Some((before, tail)) = rest.split_once('{') {
            let (inside, tail) = tail.split_once('}').unwrap();
            let (written, read) = inside.split_once('|').unwrap();
            source.push_str(before);
            replaced.push((source.len()..source.len() + written.len(), read));
            source.push_str(written);
            rest = tail;
        }
        source.push_str(rest);
        let mut builder = LayerBuilder::new(&source);
        for (written, read) in replaced {
            builder.replace(written, read, Fold::Escape);
        }
        let layer = builder.finish().unwrap();
        (source, layer)
    }

    #[test]
    fn a_reading_leads_back_to_what_is_written() {
        for (marked, read, written, is_undone) in [
            ("中{&#22269;|国}人", "中国", "中&#22269;", true),
            ("中{&#22269;|国}人", "国", "&#22269;", true),
            ("中{&#22269;|国}人", "人", "人", false),
            ("a{<b>|}c{</b>|}d", "c", "c", false),
            ("a{<b>|}c{</b>|}d", "acd", "a<b>c</b>d", true),
            ("a{<b>|}{<i>|}c", "ac", "a<b><i>c", true),
            ("{<b>|}{%41|A}{<i>|}c", "A", "%41", true),
            ("{<b>|}ab{</b>|}", "ab", "ab", false),
        ] {
            let (source, layer) = layer(marked);
            let at = layer.text().find(read).unwrap();
            let range = at..at + read.len();
            assert_eq!(&source[layer.written(&range)], written, "{marked} {read}");
            assert_eq!(!layer.undone(&range).is_empty(), is_undone, "{marked} {read}");
        }
        assert!(LayerBuilder::new("nothing").finish().is_none());
    }

    proptest! {
        #[test]
        fn every_range_leads_back_inside_the_source_in_order(
            pieces in proptest::collection::vec(("[a中é]{0,3}", "[b国]{1,3}", "[c字]{0,2}"), 1..6),
            start in 0_usize..20, len in 1_usize..20,
        ) {
            let marked = pieces.iter().map(|(copied, written, read)| format!("{copied}{{{written}|{read}}}")).collect::<Vec<_>>().concat();
            let (source, layer) = layer(&marked);
            let places: Vec<usize> = layer.text().char_indices().map(|(at, _)| at).chain([layer.text().len()]).collect();
            let (Some(&from), Some(&to)) = (places.get(start), places.get(start + len)) else { return Ok(()) };
            let written = layer.written(&(from..to));
            prop_assert!(source.get(written.clone()).is_some_and(|inside| !inside.is_empty()));
            if layer.undone(&(from..to)).is_empty() {
                prop_assert_eq!(&source[written.clone()], &layer.text()[from..to]);
            }
            if let Some(&next) = places.get(start + len + 1) {
                let behind = layer.written(&(to..next));
                prop_assert!(behind.start >= written.start && behind.end >= written.end);
            }
        }
    }
}
