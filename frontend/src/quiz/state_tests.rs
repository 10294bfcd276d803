use super::*;

fn slug(text: &str) -> QuestionSlug {
    text.parse().unwrap()
}

fn id(n: u8) -> AnswerId {
    format!("00000000-0000-4000-8000-0000000000{n:02}").parse().unwrap()
}

fn text(words: &str) -> Answer {
    Answer::Text(words.to_owned())
}

fn saying(question: &str, n: u8, revision: u32, words: &str) -> Saying {
    Saying { question: slug(question), id: id(n), revision, answer: text(words) }
}

fn kept(question: &str, n: u8, revision: u32) -> Kept {
    Kept { question: slug(question), id: id(n), revision, answer: None }
}

fn notebook(saved: Vec<Saying>) -> Notebook {
    let asked = ["a", "b", "c"].map(|question| Asked { slug: slug(question), kind: Type::ShortText });
    Notebook::new(&asked, saved)
}

#[test]
fn an_answer_is_sent_once_and_told_kept_when_the_server_says_so() {
    let mut page = notebook(vec![]);
    assert_eq!(page.status(&slug("a")), Status::ToAnswer);
    page.say(&slug("a"), text("oui"), id(1)).unwrap();
    assert_eq!(page.status(&slug("a")), Status::Saving);
    assert_eq!(page.take_batch(false).unwrap(), vec![saying("a", 1, 1, "oui")]);
    assert!(page.take_batch(false).is_none(), "one batch in flight");
    assert_eq!(page.kept(vec![kept("a", 1, 1)]), (vec![1], vec![]));
    assert_eq!(page.status(&slug("a")), Status::Kept);
    assert!(page.is_all_kept() && page.take_batch(false).is_none());
}

#[test]
fn what_is_typed_while_a_batch_travels_stays_to_be_sent() {
    let mut page = notebook(vec![]);
    page.say(&slug("a"), text("ou"), id(1)).unwrap();
    page.take_batch(false).unwrap();
    page.say(&slug("a"), text("oui"), id(2)).unwrap();
    assert_eq!(page.kept(vec![kept("a", 1, 1)]), (vec![], vec![]));
    assert_eq!(page.status(&slug("a")), Status::Saving);
    assert_eq!(page.take_batch(false).unwrap(), vec![saying("a", 2, 2, "oui")]);
}

#[test]
fn a_resent_saying_keeps_its_id_and_its_revision() {
    let mut page = notebook(vec![]);
    page.say(&slug("a"), text("oui"), id(1)).unwrap();
    let first = page.take_batch(false).unwrap();
    assert!(page.failed(Trouble::Offline), "worth telling");
    assert_eq!(page.status(&slug("a")), Status::Waiting);
    assert_eq!(page.take_batch(false).unwrap(), first);
    assert!(!page.failed(Trouble::Offline), "told once");
}

#[test]
fn after_a_reload_the_later_saying_wins_whichever_side_had_it() {
    let mut page = notebook(vec![saying("a", 1, 3, "serveur"), saying("b", 2, 1, "ancien"), saying("c", 5, 2, "même")]);
    assert!(!page.learn(saying("a", 3, 2, "local périmé"), true));
    assert!(page.learn(saying("b", 4, 2, "local"), true));
    assert!(!page.learn(saying("c", 5, 2, "même"), true), "the server has it already");
    assert_eq!(page.answer(&slug("a")), Some(&text("serveur")));
    assert_eq!(page.answer(&slug("b")), Some(&text("local")));
    assert_eq!(page.take_batch(false).unwrap(), vec![saying("b", 4, 2, "local")]);
    assert_eq!(page.say(&slug("a"), text("neuf"), id(9)).unwrap().revision, 4);
}

#[test]
fn another_tab_s_newer_answer_is_shown_and_the_next_word_goes_after_it() {
    let mut page = notebook(vec![]);
    page.say(&slug("a"), text("ici"), id(1)).unwrap();
    page.take_batch(false).unwrap();
    let newer = Kept { answer: Some(text("là-bas")), ..kept("a", 7, 5) };
    assert_eq!(page.kept(vec![newer]), (vec![1], vec![slug("a")]));
    assert_eq!(page.answer(&slug("a")), Some(&text("là-bas")));
    assert_eq!(page.say(&slug("a"), text("ici"), id(2)).unwrap().revision, 6);
}

#[test]
fn a_raised_saying_is_acknowledged_at_its_new_revision() {
    let mut page = notebook(vec![]);
    page.say(&slug("a"), text("ici"), id(1)).unwrap();
    page.raise(&slug("a"), id(1), 4);
    assert_eq!(page.take_batch(false).unwrap(), vec![saying("a", 1, 4, "ici")]);
}

#[test]
fn saying_the_same_thing_or_leaving_a_field_empty_says_nothing() {
    let mut page = notebook(vec![saying("a", 1, 1, "oui")]);
    assert!(page.say(&slug("a"), text("oui"), id(2)).is_none());
    assert!(page.say(&slug("b"), text(""), id(3)).is_none());
    assert!(page.say(&slug("a"), text(""), id(4)).is_some(), "emptying a field is a word");
    assert_eq!(page.unanswered(), vec![1, 2, 3]);
}

#[test]
fn a_closed_attempt_sends_nothing_more() {
    let mut page = notebook(vec![]);
    page.say(&slug("a"), text("oui"), id(1)).unwrap();
    page.take_batch(false).unwrap();
    page.failed(Trouble::of(Some(410)));
    assert!(page.take_batch(false).is_none());
}

#[test]
fn tries_are_spaced_up_to_half_a_minute() {
    let mut page = notebook(vec![]);
    let mut delays = Vec::new();
    for _ in 0..8 {
        page.failed(Trouble::Offline);
        delays.push((page.delay_ms(0.0) / 1000.0).round());
    }
    assert_eq!(delays, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
    assert!(page.delay_ms(1.0) < 38_000.0);
}

#[test]
fn progress_counts_whole_answers() {
    let mut page = notebook(vec![saying("a", 1, 1, "oui")]);
    assert_eq!(page.progress(), "1\u{a0}question répondue sur 3");
    page.say(&slug("b"), text("non"), id(2));
    assert_eq!(page.progress(), "2\u{a0}questions répondues sur 3");
    page.unfinished(&slug("b"), true);
    assert_eq!(page.status(&slug("b")), Status::Unfinished);
    assert_eq!(page.unanswered(), vec![2, 3]);
}

#[test]
fn an_unknown_question_is_nobody_s() {
    let mut page = notebook(vec![saying("z", 1, 1, "oui")]);
    assert!(page.say(&slug("z"), text("non"), id(2)).is_none());
    assert_eq!(page.kept(vec![kept("z", 1, 1)]), (vec![], vec![]));
}

#[test]
fn minutes_are_rounded_up_and_three_of_them_announced() {
    assert_eq!(minutes_left(61_000.0, 0.0), 2);
    assert_eq!(minutes_left(0.0, 5.0), 0);
    assert_eq!(left_said(65), "Temps restant\u{a0}: 1\u{a0}h\u{a0}05");
    assert!(is_announced(5) && !is_announced(4));
}

#[test]
fn finishing_asks_the_server_even_with_nothing_to_send() {
    let mut page = notebook(vec![saying("a", 1, 1, "oui")]);
    assert_eq!(page.take_batch(true), Some(vec![]));
    assert!(page.is_sending() && page.take_batch(true).is_none());
    page.kept(vec![]);
    assert!(page.is_all_kept() && !page.is_sending());
}

#[test]
fn a_server_that_keeps_nothing_is_noticed() {
    let mut page = notebook(vec![]);
    page.say(&slug("a"), text("oui"), id(1)).unwrap();
    let sent = page.take_batch(false).unwrap();
    page.kept(vec![]);
    assert!(page.repeats(&sent));
    assert_eq!(page.acknowledged(&sent), vec![]);
    page.kept(vec![kept("a", 1, 1)]);
    assert_eq!(page.acknowledged(&sent), sent);
}

#[test]
fn what_is_announced_names_the_questions() {
    assert_eq!(acknowledged_said(&[3]), "Réponse 3 enregistrée");
    assert_eq!(acknowledged_said(&[1, 5]), "Réponses 1 et 5 enregistrées");
    assert_eq!(unanswered_said(&[2, 4]), "Les questions 2 et 4 sont sans réponse complète.");
}

#[test]
fn trouble_ends_with_the_first_reply_that_keeps() {
    let mut page = notebook(vec![]);
    page.failed(Trouble::of(Some(401)));
    assert_eq!(page.trouble(), Trouble::SignedOut);
    page.kept(vec![]);
    assert_eq!(page.trouble(), Trouble::None);
}
