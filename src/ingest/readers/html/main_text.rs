//! Which blocks of a page are its article: the heaviest element, paragraphs giving the weight.

use super::blocks::{Block, Element, Page};

impl Page {
    fn ancestors(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(element), |&at| self.elements.get(at)?.parent)
    }

    fn is_text(&self, block: &Block) -> bool {
        let element = self.elements.get(block.element);
        element.is_some_and(|element| !element.skipped && !element.comments)
    }

    /// Paragraphs give their length to what holds them, and half of it one level further out.
    pub(super) fn weigh(&mut self) {
        let mut gifts = Vec::new();
        for block in &self.blocks {
            let length = block.text.len();
            if length < 50 || block.linked * 2 > length || !self.is_text(block) {
                continue;
            }
            // A paragraph stands for itself; what holds it is its parent.
            let holder = self.elements.get(block.element);
            let outside = match holder {
                Some(holder) if holder.name == "p" => 1,
                _ => 0,
            };
            for (step, element) in self
                .ancestors(block.element)
                .skip(outside)
                .take(2)
                .enumerate()
            {
                gifts.push((element, length >> step));
            }
        }
        for (element, length) in gifts {
            if let Some(element) = self.elements.get_mut(element) {
                element.weight += length;
            }
        }
    }

    /// The element that is the article.
    fn article(&self) -> Option<usize> {
        let heaviest = |chosen: fn(&Element) -> bool| {
            (0..self.elements.len())
                .filter(|&at| {
                    self.elements.get(at).is_some_and(|element| {
                        !element.skipped && !element.comments && chosen(element)
                    })
                })
                .max_by_key(|&at| (self.weight(at), std::cmp::Reverse(at)))
                .filter(|&at| self.weight(at) > 0)
        };
        let any = heaviest(|_| true)?;
        let weight = self.weight(any);
        // A name that pages give on purpose is surer than weight, where it holds most of the text.
        heaviest(|element| element.is_article)
            .filter(|&at| self.weight(at) * 2 >= weight)
            .or_else(|| {
                heaviest(|element| matches!(element.name.as_str(), "article" | "main"))
                    .filter(|&at| self.weight(at) * 2 >= weight)
            })
            .or(Some(any))
    }

    fn weight(&self, at: usize) -> usize {
        self.elements.get(at).map_or(0, |element| element.weight)
    }

    pub(super) fn main_text(&self) -> String {
        let Some(article) = self.article() else {
            return self.all_text();
        };
        self.join(|block| {
            self.is_text(block)
                && self.ancestors(block.element).any(|at| at == article)
                // A short line that is all link is a button or a menu; a linked title of another
                // article says what it is before the link.
                && !(block.linked * 10 >= block.text.len() * 9 && block.text.len() < 200)
        })
    }

    pub(super) fn comments(&self) -> String {
        self.join(|block| {
            self.elements
                .get(block.element)
                .is_some_and(|element| element.comments && !element.skipped)
        })
    }

    /// Everything that is not skipped.
    pub(super) fn all_text(&self) -> String {
        self.join(|block| self.is_text(block))
    }

    fn join(&self, chosen: impl Fn(&Block) -> bool) -> String {
        let texts: Vec<&str> = self
            .blocks
            .iter()
            .filter(|block| chosen(block))
            .map(|block| block.text.as_str())
            .collect();
        texts.join("\n\n")
    }
}
