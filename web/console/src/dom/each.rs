//! Lists whose elements stay as long as their key does.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use leptos::prelude::*;

use super::{El, run};

/// Key of an element, and how to build it.
pub(crate) type Item = (String, Box<dyn FnOnce() -> El>);

/// Fills `parent` with the elements of a list that follows signals. Keys are unique.
pub(crate) fn each(parent: El, items: impl Fn() -> Vec<Item> + 'static) -> El {
    follow(&parent, Box::new(items));
    parent
}

struct Kept {
    element: El,
    owner: Owner,
}

fn follow(parent: &El, items: Box<dyn Fn() -> Vec<Item>>) {
    let parent = parent.node();
    // The elements outlive the run that built them, so they cannot belong to it.
    let owner = Owner::current().unwrap_or_default();
    let kept = Rc::new(RefCell::new(HashMap::<String, Kept>::new()));
    run(Box::new(move || {
        let items = items();
        let mut last = std::mem::take(&mut *kept.borrow_mut());
        let mut next = HashMap::with_capacity(items.len());
        // The place where the next element belongs.
        let mut at = None::<web_sys::Node>;
        for (key, build) in items {
            let one = last.remove(&key).unwrap_or_else(|| {
                let owner = owner.child();
                let element = owner.with(|| untrack(build));
                Kept { element, owner }
            });
            let node = one.element.node();
            let due = match &at {
                Some(before) => before.next_sibling(),
                None => parent.first_child(),
            };
            if due.as_ref() != Some(node.as_ref()) {
                // Fails only for an element that contains its parent.
                let _ = parent.insert_before(&node, due.as_ref());
            }
            at = Some(node.into());
            next.insert(key, one);
        }
        for gone in last.into_values() {
            gone.element.node().remove();
            gone.owner.cleanup();
        }
        *kept.borrow_mut() = next;
    }));
}
