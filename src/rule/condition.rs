//! One policy condition: read, checked against the table of facts, compiled.
//!
//! `mention.lisitng == "banned"` -> `unknown fact mention.lisitng`, with a caret under `lisitng`, in the YAML file.
//! CEL finds such slips only when it runs, on a record of a stream. So the syntax tree is checked here, when rules are loaded, and
//! only a part of CEL is allowed: what cannot fail for any record once its types are right (no division, no index, no conversion).

use super::diagnostic::{Code, Diagnostic};
use super::facts::{FACTS, FactType};
use super::source::{At, Place};
use super::suggest;
use super::yaml::Scalar;
use cel::common::ast::{CallExpr, Expr, IdedExpr, ListExpr, LiteralValue, SelectExpr, SourceInfo, operators as op};
use cel::{Env, ParseErrors, Program};
use std::collections::BTreeSet;
use std::fmt;

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

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
enum Type {
    Bool,
    Number,
    Text,
    /// A text that is one of these.
    Word(&'static [&'static str]),
    List(Box<Type>),
    Record,
    Mention,
    Attributes,
    /// A problem has been told.
    Unknown,
}

impl Type {
    fn of(kind: FactType) -> Self {
        match kind {
            FactType::Bool => Type::Bool,
            FactType::Number => Type::Number,
            FactType::Text => Type::Text,
            FactType::Word(words) => Type::Word(words),
            FactType::Attributes => Type::Attributes,
            FactType::Texts => Type::List(Box::new(Type::Text)),
            FactType::Words(words) => Type::List(Box::new(Type::Word(words))),
        }
    }
    /// Values of both types can be compared: a word is a text, and of what is unknown enough has been said.
    fn fits(&self, other: &Type) -> bool {
        use Type::{List, Text, Unknown, Word};
        match (self, other) {
            (Unknown, _) | (_, Unknown) | (Text | Word(_), Text | Word(_)) => true,
            (List(a), List(b)) => a.fits(b),
            (a, b) => a == b,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Bool => "true or false",
            Type::Number => "a number",
            Type::Text => "a text",
            Type::Word(_) => "a word",
            Type::Record => "the record",
            Type::Mention => "a mention",
            Type::Attributes => "all attributes",
            Type::Unknown => "unknown",
            Type::List(item) => match **item {
                Type::Text => "a list of texts",
                Type::Word(_) => "a list of words",
                Type::Mention => "a list of mentions",
                Type::Number => "a list of numbers",
                _ => "a list",
            },
        })
    }
}

/// What a call takes and gives.
#[derive(Clone, Copy)]
enum Form {
    /// `&&`, `||`, `!`.
    Logic,
    /// `==`, `!=`.
    Equality,
    /// `<` and its like.
    Order,
    /// `in`.
    In,
    /// `?:`.
    Choice,
    /// `size`.
    Size,
    /// `startsWith` and its like.
    TextTest,
    /// Macros over a list that give true or false.
    Quantifier,
    /// `filter`.
    Filter,
    /// `map`.
    Map,
}

/// The part of CEL that a condition may use: (name in the tree, called on a target, number of arguments, how it is checked).
const CALLS: &[(&str, bool, usize, Form)] = &[
    (op::LOGICAL_AND, false, 2, Form::Logic),
    (op::LOGICAL_OR, false, 2, Form::Logic),
    (op::LOGICAL_NOT, false, 1, Form::Logic),
    (op::EQUALS, false, 2, Form::Equality),
    (op::NOT_EQUALS, false, 2, Form::Equality),
    (op::LESS, false, 2, Form::Order),
    (op::LESS_EQUALS, false, 2, Form::Order),
    (op::GREATER, false, 2, Form::Order),
    (op::GREATER_EQUALS, false, 2, Form::Order),
    (op::IN, false, 2, Form::In),
    (op::CONDITIONAL, false, 3, Form::Choice),
    ("size", false, 1, Form::Size),
    ("size", true, 0, Form::Size),
    ("startsWith", true, 1, Form::TextTest),
    ("endsWith", true, 1, Form::TextTest),
    ("contains", true, 1, Form::TextTest),
    (op::EXISTS, true, 2, Form::Quantifier),
    (op::ALL, true, 2, Form::Quantifier),
    (op::EXISTS_ONE, true, 2, Form::Quantifier),
    (op::FILTER, true, 2, Form::Filter),
    (op::MAP, true, 2, Form::Map),
];

/// Macros run once for each item of a list, and a record can have hundreds of mentions: a third level would be millions of steps.
const DEEPEST_MACRO: usize = 2;

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

    fn call(&mut self, e: &IdedExpr, call: &CallExpr) -> Type {
        if let (op::INDEX, None, [of, name]) = (call.func_name.as_str(), &call.target, &call.args[..]) {
            return self.attribute(e, of, name);
        }
        let named = CALLS.iter().filter(|(name, ..)| *name == call.func_name);
        let fitting = named.clone().find(|(_, target, n, _)| *target == call.target.is_some() && *n == call.args.len());
        let Some(&(.., form)) = fitting else {
            let name = call.func_name.trim_matches(['_', '@', '[', ']']);
            let name = if call.func_name == op::INDEX { "an index" } else { name };
            if named.clone().next().is_some() {
                return self.problem(Code::ConditionCall, e, format!("{name} is called in another way"), None);
            }
            return self.refused(e, name);
        };
        let args: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        match form {
            Form::Logic => self.all_wanted(&args, &Type::Bool),
            Form::Equality => self.equality(e, args[0], args[1]),
            Form::Order => self.all_wanted(&args, &Type::Number),
            Form::TextTest => self.all_wanted(&args, &Type::Text),
            Form::In => self.membership(e, args[0], args[1]),
            Form::Choice => self.choice(args[0], args[1], args[2]),
            Form::Size => self.size(args[0]),
            Form::Quantifier | Form::Filter | Form::Map => self.over(form, args[0], args[1], args[2]),
        }
    }

    /// A test of arguments that are all of one type.
    fn all_wanted(&mut self, args: &[&IdedExpr], wanted: &Type) -> Type {
        for arg in args {
            self.wanted(arg, wanted);
        }
        Type::Bool
    }

    /// An argument that has to be of one type.
    fn wanted(&mut self, e: &IdedExpr, wanted: &Type) {
        let kind = self.expression(e);
        if !kind.fits(wanted) {
            self.problem(Code::ConditionType, e, format!("this is {kind}, where {wanted} is expected"), None);
        }
    }

    fn equality(&mut self, e: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Type {
        let (a, b) = (self.expression(left), self.expression(right));
        for (kind, side) in [(&a, left), (&b, right)] {
            if matches!(kind, Type::List(_) | Type::Record | Type::Mention | Type::Attributes) {
                let help = Some("ask with in, size, exists or all, or for one field".to_owned());
                self.problem(Code::ConditionType, side, format!("{kind} cannot be compared as a whole"), help);
                return Type::Bool;
            }
        }
        if !a.fits(&b) {
            self.problem(Code::ConditionType, e, format!("{a} is compared with {b}"), None);
        }
        self.known_word(&a, right);
        self.known_word(&b, left);
        Type::Bool
    }

    fn membership(&mut self, e: &IdedExpr, item: &IdedExpr, list: &IdedExpr) -> Type {
        match (self.expression(item), self.expression(list)) {
            (Type::Unknown, _) | (_, Type::Unknown) => {}
            (kind, Type::List(items)) if kind.fits(&items) => {
                self.known_word(&items, item);
                self.known_word(&kind, list);
            }
            (kind, Type::List(items)) => {
                self.problem(
                    Code::ConditionType,
                    e,
                    format!("{kind} is looked for in a list of another type ({items})"),
                    None,
                );
            }
            (_, other) => {
                self.problem(Code::ConditionType, list, format!("in needs a list, and this is {other}"), None);
            }
        }
        Type::Bool
    }

    /// A literal text (or a list of them) that stands against a word has to be one of its words.
    fn known_word(&mut self, kind: &Type, e: &IdedExpr) {
        let Type::Word(words) = kind else { return };
        match &e.expr {
            Expr::List(list) => list.elements.iter().for_each(|element| self.known_word(kind, element)),
            Expr::Literal(LiteralValue::String(text)) if !words.contains(&text.inner()) => {
                let help = suggest::help(text.inner(), words.iter().copied());
                self.problem(Code::UnknownValue, e, format!("{:?} is never a value of it", text.inner()), help);
            }
            _ => {}
        }
    }

    fn choice(&mut self, test: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Type {
        self.wanted(test, &Type::Bool);
        let (a, b) = (self.expression(yes), self.expression(no));
        if !a.fits(&b) {
            return self.problem(Code::ConditionType, no, format!("this is {b}, and the other branch is {a}"), None);
        }
        if a == b {
            a
        } else if matches!(a, Type::Word(_)) {
            Type::Text
        } else {
            b
        }
    }

    fn size(&mut self, e: &IdedExpr) -> Type {
        let kind = self.expression(e);
        if !matches!(kind, Type::List(_) | Type::Text | Type::Word(_) | Type::Unknown) {
            self.problem(Code::ConditionType, e, format!("{kind} has no size"), None);
        }
        Type::Number
    }

    /// `list.exists(name, body)` and its like.
    fn over(&mut self, form: Form, list: &IdedExpr, name: &IdedExpr, body: &IdedExpr) -> Type {
        let item = match self.expression(list) {
            Type::List(item) => *item,
            Type::Unknown => Type::Unknown,
            other => self.problem(Code::ConditionType, list, format!("a list is expected, and this is {other}"), None),
        };
        let Expr::Ident(local) = &name.expr else {
            return self.problem(Code::ConditionType, name, "the first argument is the name of each item", None);
        };
        if GLOBALS.contains(&local.as_str()) || self.locals.iter().any(|(taken, _)| taken == local) {
            return self.problem(Code::ConditionType, name, format!("the name {local} is taken"), None);
        }
        if self.locals.len() == DEEPEST_MACRO {
            return self.problem(Code::ConditionCall, name, "a macro within a macro within a macro", None);
        }
        self.locals.push((local.clone(), item.clone()));
        let result = if let Form::Map = form {
            Type::List(Box::new(self.expression(body)))
        } else {
            self.wanted(body, &Type::Bool);
            if let Form::Filter = form { Type::List(Box::new(item)) } else { Type::Bool }
        };
        self.locals.pop();
        result
    }
}
