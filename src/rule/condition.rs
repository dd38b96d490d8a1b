//! One policy condition: read, checked against the table of facts, compiled.
//!
//! `mention.lisitng == "banned"` -> `unknown fact mention.lisitng`, with a caret under `lisitng`, in the YAML file.
//! CEL finds such slips only when it runs, on a record of a stream. So the syntax tree is checked here, when rules are loaded, and
//! only a part of CEL is allowed: what cannot fail for any record once its types are right (no division, no index, no conversion).

mod call;
mod kind;

use super::diagnostic::{Code, Diagnostic};
use super::facts::FACTS;
use super::source::{At, Place};
use super::suggest;
use super::yaml::Scalar;
use cel::common::ast::{Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, SourceInfo};
use cel::{Env, ParseErrors, Program};
use kind::Type;
use std::collections::BTreeSet;

/// A condition that passed the check.
#[derive(Debug)]
pub(super) struct Compiled {
    pub program: Program,
    /// As it is written, macros not expanded: for the digest.
    pub tree: IdedExpr,
    /// The names in `record.attributes["name"]`.
    pub attributes: BTreeSet<String>,
    /// It asks for something that tells one author or source from another.
    pub asks_for_attribute: bool,
}

/// What a condition may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// One mention and its record: a policy.
    Mention,
    /// The record alone: an allow-list.
    Record,
}

/// Checks and compiles; every problem has its place in the file.
pub(super) fn compile(when: &At<Scalar>, ask: Ask, problems: &mut Vec<Diagnostic>) -> Option<Compiled> {
    let text = when.value.text.as_str();
    // without the standard macros, so that `exists(m, …)` is still the call that the author wrote
    let bare = Env::default().with_optional_support(false);
    let (tree, info) = match bare.parser().parse_with_source_info(text) {
        Ok(parsed) => parsed,
        Err(errors) => {
            problems.push(unreadable(when, &errors));
            return None;
        }
    };
    let before = problems.len();
    let (attributes, locals) = (BTreeSet::new(), Vec::new());
    let mut check = Check { when, ask, info, locals, attributes, asks_for_attribute: false, problems };
    let kind = check.expression(&tree);
    if !kind.fits(&Type::Bool) {
        check.problem(Code::ConditionType, &tree, format!("a condition is true or false, and this is {kind}"), None);
    }
    let Check { attributes, asks_for_attribute, .. } = check;
    if problems.len() > before {
        return None;
    }
    match Program::compile(text) {
        Ok(program) => Some(Compiled { program, tree, attributes, asks_for_attribute }),
        Err(errors) => {
            problems.push(unreadable(when, &errors));
            None
        }
    }
}

/// The first problem of the parser: the others mostly follow from it.
fn unreadable(when: &At<Scalar>, errors: &ParseErrors) -> Diagnostic {
    let text = when.value.text.as_str();
    let first = errors.errors.first();
    let (line, column) = first.map_or((1, 1), |e| e.pos);
    let (line, column) = (usize::try_from(line).unwrap_or(1).max(1), usize::try_from(column).unwrap_or(1).max(1));
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1));
    let start = starts.take(line).last().unwrap_or(0);
    let offset = text[start..].char_indices().nth(column - 1).map_or(text.len(), |(i, _)| start + i);
    let place = when.value.place_of(&when.file, offset, 1);
    let message = first.map_or("", |e| e.msg.as_str());
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    let message = message.split(" expecting ").next().unwrap_or(message).replace("<EOF>", "end");
    let single = text[offset..].starts_with('=').then(|| "equality is ==".to_owned());
    when.file.problem(Code::ConditionSyntax, place, format!("not CEL: {message}")).maybe_help(single)
}

/// Names that are taken by facts.
const GLOBALS: [&str; 3] = ["record", "mention", "mentions"];

/// Facts of the record that tell one author or source from another.
const ATTRIBUTES: [&str; 3] = ["author", "source", "attributes"];

struct Check<'c> {
    when: &'c At<Scalar>,
    ask: Ask,
    info: SourceInfo,
    /// Variables of macros, the innermost last.
    locals: Vec<(String, Type)>,
    /// See [`Compiled`].
    attributes: BTreeSet<String>,
    asks_for_attribute: bool,
    problems: &'c mut Vec<Diagnostic>,
}

impl Check<'_> {
    fn problem(&mut self, code: Code, at: &IdedExpr, message: impl Into<String>, help: Option<String>) -> Type {
        let place = self.place(at);
        let problem = self.when.file.problem(code, place, message).maybe_help(help);
        self.problems.push(problem);
        Type::Unknown
    }

    /// The place of the token that names an expression: a field after its dot, a function before its bracket, else the token itself.
    fn place(&self, at: &IdedExpr) -> Place {
        let text = self.when.value.text.as_str();
        let (start, stop) = self.info.offset_for(at.id).unwrap_or((0, 0));
        let start = text.floor_char_boundary(start as usize);
        let stop = text.ceil_char_boundary((stop as usize).saturating_add(1));
        let token = match &at.expr {
            Expr::Select(select) => text[start..].find(&select.field).map(|i| (start + i, select.field.as_str())),
            Expr::Call(call) => text[..start].rfind(&call.func_name).map(|i| (i, call.func_name.as_str())),
            _ => None,
        };
        let (offset, token) = token.unwrap_or((start, text.get(start..stop).unwrap_or("")));
        let token = token.lines().next().unwrap_or("");
        self.when.value.place_of(&self.when.file, offset, token.chars().count())
    }

    fn expression(&mut self, e: &IdedExpr) -> Type {
        match &e.expr {
            Expr::Literal(literal) => self.literal(e, literal),
            Expr::Ident(name) => self.variable(e, name),
            Expr::Select(select) => self.field(e, select),
            Expr::Call(call) => self.call(e, call),
            Expr::List(list) => self.list(list),
            Expr::Map(_) | Expr::Struct(_) => self.refused(e, "a map"),
            Expr::Comprehension(_) | Expr::Unspecified => self.refused(e, "this expression"),
        }
    }

    fn refused(&mut self, e: &IdedExpr, what: &str) -> Type {
        let help = Some(
            "facts, literals, lists, comparisons, in, && || !, ?:, size, startsWith, endsWith, contains, \
                         exists, all, exists_one, filter and map can"
                .to_owned(),
        );
        self.problem(Code::ConditionCall, e, format!("{what} cannot be used in a condition"), help)
    }

    fn literal(&mut self, e: &IdedExpr, literal: &LiteralValue) -> Type {
        match literal {
            LiteralValue::Boolean(_) => Type::Bool,
            LiteralValue::Int(_) | LiteralValue::UInt(_) | LiteralValue::Double(_) => Type::Number,
            LiteralValue::String(_) => Type::Text,
            LiteralValue::Null => self.refused(e, "null (no fact is ever null)"),
            LiteralValue::Bytes(_) => self.refused(e, "a byte string"),
        }
    }

    fn variable(&mut self, e: &IdedExpr, name: &str) -> Type {
        if let Some((_, kind)) = self.locals.iter().rev().find(|(local, _)| local == name) {
            return kind.clone();
        }
        match name {
            "record" => Type::Record,
            "mention" | "mentions" if self.ask == Ask::Record => {
                let help = Some("limit an entry with organizations and stances".to_owned());
                self.problem(
                    Code::UnknownFact,
                    e,
                    format!("an allow-list asks about the record, not about {name}"),
                    help,
                )
            }
            "mention" => Type::Mention,
            "mentions" => Type::List(Box::new(Type::Mention)),
            _ => {
                let locals = self.locals.iter().map(|(local, _)| local.as_str());
                let help = suggest::help(name, GLOBALS.into_iter().chain(locals).collect::<Vec<_>>());
                self.problem(Code::UnknownFact, e, format!("unknown variable {name}"), help)
            }
        }
    }

    fn field(&mut self, e: &IdedExpr, select: &SelectExpr) -> Type {
        let of = match self.expression(&select.operand) {
            Type::Record => "record",
            Type::Mention => "mention",
            Type::Unknown => return Type::Unknown,
            other => return self.problem(Code::ConditionType, e, format!("{other} has no fields"), None),
        };
        let facts = FACTS.iter().filter(|f| f.of == of);
        if let Some(fact) = facts.clone().find(|f| f.name == select.field) {
            self.asks_for_attribute |= of == "record" && ATTRIBUTES.contains(&fact.name);
            return Type::of(fact.kind);
        }
        let help = suggest::help(&select.field, facts.map(|f| f.name).collect::<Vec<_>>());
        self.problem(Code::UnknownFact, e, format!("unknown fact {of}.{}", select.field), help)
    }

    fn list(&mut self, list: &ListExpr) -> Type {
        let mut item = Type::Unknown;
        for element in &list.elements {
            let kind = self.expression(element);
            if !kind.fits(&item) {
                self.problem(Code::ConditionType, element, format!("{kind} in a list that begins with {item}"), None);
            } else if item == Type::Unknown {
                item = kind;
            }
        }
        Type::List(Box::new(item))
    }

    /// `record.attributes["name"]`, which is a text for every record.
    fn attribute(&mut self, e: &IdedExpr, of: &IdedExpr, name: &IdedExpr) -> Type {
        match (self.expression(of), &name.expr) {
            (Type::Unknown, _) => Type::Unknown,
            (Type::Attributes, Expr::Literal(LiteralValue::String(name))) if !name.inner().is_empty() => {
                self.attributes.insert(name.inner().to_owned());
                Type::Text
            }
            (Type::Attributes, _) => {
                let help = Some("as in record.attributes[\"verified_newsroom\"]".to_owned());
                self.problem(Code::ConditionType, name, "an attribute is asked for by its name, in quotes", help)
            }
            _ => self.refused(e, "an index"),
        }
    }
}
