//! The calls of a condition: operators, tests of texts and macros over lists, each checked by its form.
//!
//! `mention.score == "x"` -> `a number is compared with a text`. What is not in the table is refused.

use super::kind::Type;
use super::{Check, GLOBALS};
use crate::rule::diagnostic::Code;
use crate::rule::suggest;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators as op};

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

impl Check<'_> {
    pub fn call(&mut self, e: &IdedExpr, call: &CallExpr) -> Type {
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
