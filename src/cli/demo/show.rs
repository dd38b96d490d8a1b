//! Verdicts on the terminal, as they come, and the count below them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use serde::Deserialize;

use super::samples::Samples;
use super::{draw, read};
use crate::cli::color::{Paint, Palette};
use crate::cli::render::{NO_LINK, counted, excerpt, printable};
use crate::rule::Listing;

/// What we show of a verdict event.
#[derive(Debug, Deserialize)]
struct Event {
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Data {
    record: RecordData,
    action: String,
    severity: Option<String>,
    reasons: Vec<ReasonData>,
    mentions: Vec<MentionData>,
}

#[derive(Debug, Deserialize)]
struct ReasonData {
    rule: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct RecordData {
    kind: String,
    id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct MentionData {
    organization: String,
    name: String,
    listing: String,
    notices: Vec<NoticeData>,
    field: String,
    item: Option<u64>,
    span: SpanData,
    via: String,
    evasion: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NoticeData {
    id: String,
    authority: Option<String>,
    published: Option<String>,
    url: Option<String>,
    kind: String,
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct SpanData {
    bytes: (usize, usize),
}

/// The notice that says what the listing says, one that can be read before one that cannot.
fn most_telling(mention: &MentionData) -> Option<&NoticeData> {
    let says_it = |notice: &NoticeData| {
        Listing::parse(&mention.listing)
            .is_some_and(|listing| listing.kind().is_some_and(|kind| kind.as_str() == notice.kind))
    };
    mention.notices.iter().min_by_key(|notice| (!says_it(notice), notice.url.is_none()))
}

/// As `render::cite`, from an event.
fn cite(notice: &NoticeData) -> String {
    let published = notice.published.as_deref().unwrap_or("undated");
    let link = match (&notice.url, &notice.source) {
        (Some(url), Some(source)) => format!("{url} ({source})"),
        _ => NO_LINK.to_owned(),
    };
    format!("{}: {}, {published}, {link}", notice.id, notice.authority.as_deref().unwrap_or("no authority named"))
}

/// What we read of a receipt.
#[derive(Debug, Deserialize)]
struct ReceiptData {
    records: u64,
}

/// Takes the count away, for what is printed next.
pub(super) fn clear() {
    let _ = draw(""); // the count is an ornament
}

/// Shows verdicts and counts.
#[derive(Debug)]
pub(super) struct Show {
    samples: Arc<Samples>,
    palette: Palette,
    judged: Arc<AtomicU64>,
    started: Instant,
    actions: BTreeMap<String, u64>,
    organizations: BTreeSet<String>,
    dead: u64,
}

impl Show {
    pub fn new(samples: Arc<Samples>, palette: Palette, judged: Arc<AtomicU64>) -> Self {
        Self {
            samples,
            palette,
            judged,
            started: Instant::now(),
            actions: BTreeMap::new(),
            organizations: BTreeSet::new(),
            dead: 0,
        }
    }

    /// Records that a receipt accounts for.
    pub fn judged(&self) -> u64 {
        read(&self.judged)
    }

    /// Shows a verdict, or counts a receipt or a dead letter.
    pub fn record(&mut self, topic: &str, value: &[u8]) -> anyhow::Result<()> {
        match topic {
            "verdicts" => self.verdict(&serde_json::from_slice::<Event>(value)?.data)?,
            "tripline.receipts" => {
                let receipt: ReceiptData = serde_json::from_slice(value)?;
                self.judged.fetch_add(receipt.records, Ordering::Relaxed);
            }
            _ => self.dead += 1,
        }
        Ok(())
    }

    fn verdict(&mut self, verdict: &Data) -> anyhow::Result<()> {
        *self.actions.entry(verdict.action.clone()).or_default() += 1;
        self.organizations.extend(verdict.mentions.iter().map(|mention| mention.organization.clone()));
        let text = self.block(verdict);
        clear();
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Decision and sort of text, then two lines for each mention, then why.
    fn block(&self, verdict: &Data) -> String {
        let id = verdict.record.id.as_deref().unwrap_or_default();
        let sample = self.samples.by_id(id);
        let decision = match &verdict.severity {
            Some(severity) => format!("{}, {severity}", verdict.action),
            None => verdict.action.clone(),
        };
        let about = sample.map_or(String::new(), |sample| format!(" ({})", sample.about));
        let mut block = format!(
            "{} {} {id}{}\n",
            self.palette.paint(Paint::Alarm, &format!("{decision:<14}")),
            verdict.record.kind,
            self.palette.paint(Paint::Quiet, &about)
        );
        for mention in &verdict.mentions {
            let text = sample.and_then(|sample| sample.field(&mention.field, mention.item));
            let (start, end) = mention.span.bytes;
            if let Some(text) = text.filter(|text| text.get(start..end).is_some()) {
                let _ = writeln!(block, "    {}: {}", mention.field, excerpt(text, &(start..end), self.palette));
            }
            let _ = writeln!(block, "    {}", self.evidence(mention));
        }
        let because = self.palette.paint(Paint::Quiet, "because");
        for reason in &verdict.reasons {
            let _ = writeln!(block, "    {because} {}: {}", reason.rule, reason.text);
        }
        block.push('\n');
        block
    }

    fn evidence(&self, mention: &MentionData) -> String {
        let name = self.palette.paint(Paint::Strong, &printable(&mention.name));
        let mut line = format!("{name} ({}) via {}", mention.listing, mention.via);
        if !mention.evasion.is_empty() {
            let _ = write!(line, ", evasion: {}", mention.evasion.join(", "));
        }
        if let Some(notice) = most_telling(mention) {
            let _ = write!(line, "; {}", cite(notice));
            if mention.notices.len() > 1 {
                let _ = write!(line, " (and {} more)", mention.notices.len() - 1);
            }
        }
        line
    }

    /// Draws the count.
    pub fn status(&self, sent: u64) -> anyhow::Result<()> {
        let line = format!("{} fed, {} judged{}", sent, self.judged(), self.counts());
        Ok(draw(&self.palette.paint(Paint::Quiet, &line))?)
    }

    fn counts(&self) -> String {
        let mut text = String::new();
        for (action, count) in &self.actions {
            let _ = write!(text, ", {count} {action}");
        }
        if self.dead > 0 {
            let _ = write!(text, ", {} dead letters", self.dead);
        }
        text
    }

    /// What was done, in one line.
    pub fn summary(&self, sent: u64) -> String {
        format!(
            "{} fed, {} judged in {:.1} s{}; {} found",
            counted(sent, "record"),
            self.judged(),
            self.started.elapsed().as_secs_f64(),
            self.counts(),
            counted(self.organizations.len() as u64, "organisation"),
        )
    }
}
