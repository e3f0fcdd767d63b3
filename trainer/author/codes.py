"""What does each code of a problem mean? A first line in plain words, then the cause and what to do.

A test holds this list against the codes that the code can tell: none is missing, none is left over.
"""

CODES = {
    # files
    "unreadable": """The file cannot be opened.
Its permissions do not let you read it, or it went away while the pack was read.""",
    "too-large": """The file is larger than 256 KiB.
A pack holds text that people read and change. Divide the file by subject: a topic may have as many as it needs.""",
    "not-utf-8": """The file holds a byte that is not UTF-8.
The place is that of the first such byte. Tell your editor to save the file as UTF-8; the usual cause is Latin-1.""",
    "forbidden-character": """The file holds a character that no text needs.
Control characters, byte-order marks within a file and odd line separators hide what a text says, and some steer a
terminal. Remove it; where a text must mention it, write its name (ESC, NUL).""",
    "control-character": """A text holds a control character, written as an escape.
A learner's terminal would obey it, so it is never shown as it is. Remove it, or write its name in letters.""",
    "tab": """The file holds a tab.
Tabs are as wide as each editor likes, so neither indentation nor drawn columns can be trusted to them. Use spaces.""",
    "link": """The file is a link, a pipe or a device.
A pack holds plain files only, so that it is the same wherever it is copied and leads nowhere else. Copy the file.""",
    "stray-file": """The file stands where nothing reads it.
At the root of a pack stand pack.yaml, sources.yaml, glossary.yaml and claims.yaml; skills (*.yaml) and concepts
(*.md) stand in the folder of their topic, and topics have no folders of their own.""",
    "empty-file": """The file, or the header, holds nothing.
Write what belongs there, or remove the file. `osdrill new skill` and `osdrill new concept` write a start.""",
    "no-header": """A concept has no header.
A concept begins with a line of ---, then keys such as id and title, then another line of ---. The text follows.""",
    "no-pack": """What was named is no folder.
A pack is a folder with a pack.yaml and a folder for each topic.""",
    "no-manifest": """The folder has no pack.yaml.
It says what the pack is called and under which licence it may be used: id, title, format: 1 and license.""",
    "no-libyaml": """PyYAML was built without libyaml.
Content is read by libyaml, because it tells the place of everything and does not fall over deep nesting. The wheels
of PyYAML hold it; a build from source needs libyaml's headers (libyaml-dev).""",
    # the pack as a whole
    "uncovered-claim": """A claim of claims.yaml is covered by no concept.
Name it under `claims` of the concept that says what is to be said about it.""",
    "lonely-concept": """No skill asks about this concept.
A note that nobody is asked about is soon forgotten. Write a skill for it, or make it part of another concept.""",
    "hard-to-read": """The text of a concept is hard to read.
Flesch's reading ease counts words a sentence and syllables a word. Cut long sentences in two; take the plain word.""",
    "near-duplicate": """Two questions are asked in nearly the same words.
A learner who knows the one knows the other by its looks. Ask about another side of the concept.""",
    "long-answers": """The right option of the choices is too often the longest.
Who notices it can answer without reading. Shorten right options to what decides, or make the others as exact.""",
    "short-answers": """The right option of the choices is too often the shortest.
Who notices it can answer without reading. Say in right options what decides, or shorten the others.""",
    "one-place": """The right option of the choices stands too often in the same place.
Options are shuffled by the seed, so each place should be as likely as the next. A shuffle that depends on the order in
which the options are written is the cause: a fault of osdrill, not of the pack.""",
    "all-of-the-above": """An option speaks of the other options.
Options are shuffled, so "the above" and "option 2" mean nothing; and an option that is right because several are tests
how people read tests. Ask for all that are right (answer: choices), or write another belief.""",
    "unserved": """A question or scenario of data/served.jsonl is served by no concept, or by no skill.
The list beside a pack says which interview questions it wants to answer. Name the id under `serves` of a concept that
says what the answer needs, and of a skill that asks for it.""",
    "unknown-served": """An id under `serves` is in no list.
The interview questions and scenarios stand in data/served.jsonl beside the pack, else beside the built-in one, one
JSON object with an `id` a line. Correct the id, or add a line.""",
    "unexplained": """A question is answered and nothing is explained.
A simulated skill explains by the steps of its measure's worked solution. Ask a measure that has steps.""",
    "unfit-evidence": """The numbers of an incident do not fit each other and the cause.
Each evidence in sims/evidence says what holds of its numbers, and at some seed it does not. This is a fault of the
evidence: correct how its numbers are drawn.""",
    "unused-evidence": """An incident draws numbers and shows none.
The learner is to see output with numbers from the seed: write them into the text as {name}. Where the text needs none,
drop `evidence`.""",
    # syntax
    "yaml": """The line is not YAML as a pack uses it.
The message says what was expected there. A file is maps (key: value) and lists (- item, or [a, b]) of text.""",
    "indentation": """The line does not fit the lines above.
Keys of one map begin in the same column; what belongs to a key is indented deeper. Another cause: no space after the
colon of the line before, or a text with a colon that is not quoted.""",
    "quote-colon": """A text that holds a colon and a space must be quoted.
YAML takes `title: Waiting: what it is` for a map within a map. Write title: "Waiting: what it is".""",
    "quote-brace": """A text that begins with { or [ must be quoted.
YAML takes `text: {quantum} ticks` for a map. Write text: "{quantum} ticks", or put the text below `text: |`.""",
    "quote-hash": """A text that holds a space and # must be quoted.
YAML takes the rest of the line for a comment. Write title: "Use #1"; a comment is written with a space after its #.""",
    "quote-start": """A text may not begin with this character unless it is quoted.
These begin something else in YAML: @ ` % * & ! | > { } [ ] , #. Put the text in quotes.""",
    "text-after-quote": """Text follows after a closing quote.
A quoted text is quoted as a whole. Within double quotes write \\", within single quotes '' for one quote.""",
    "unclosed": """A quote, list or map that opens here is never closed.
Or a comma between its items is missing.""",
    "bad-escape": """An escape that does not exist.
Within double quotes \\ begins an escape (\\n, \\", \\\\, \\u00e9). Within single quotes it is a plain character.""",
    "bad-key": """A key is not plain text.
A key is a word, then a colon. If this is a text that begins with {, quote it.""",
    "duplicate-key": """The same key stands twice in one map.
Which of the two is meant cannot be known, so neither is guessed: the second is not read. Remove one.""",
    "anchor": """An anchor (&name) is not read.
Anchors make a file short and hard to follow, and can make it enormous. Write the value out; quote a text that begins
with &.""",
    "alias": """An alias (*name) is not read.
Write the value out; quote a text that begins with *.""",
    "tag": """A tag (!name) is not read.
What a value is follows from its key. Remove the tag; quote a text that begins with !.""",
    "merge-key": """A merge key (<<) is not read.
Write the keys out.""",
    "second-document": """The file holds a second document.
A line of --- begins a new document in YAML; a file holds one. Remove the line, or make it a file of its own.""",
    "too-deep": """The file is nested deeper than 12 levels.
Nothing in a pack needs more than half of that; most often a bracket is not closed.""",
    # form
    "unknown-key": """A key that means nothing here.
Most often it is mistyped; the message names the one that is near. docs/authoring.md lists all keys.""",
    "missing-key": """A key that must be there is missing.
The place is that of the map that needs it.""",
    "wrong-type": """The value is of another kind than the key needs.
A list where a text belongs, a text where a number belongs, …. A list is [a, b], or one item a line after a dash.""",
    "bad-choice": """The value is none of the words that the key accepts.
The message lists them.""",
    "bad-form": """The text does not have the form that the key needs.
Ids are lower-case letters and digits with - or . between: they stand in files, commands and histories for ever.""",
    "out-of-range": """The number, or the number of items, is outside the limits.
The message says which limits hold.""",
    "too-long": """The text is too long.
A title is one line of 120 characters; a concept has 300 words: one idea, not a chapter. Make two of it.""",
    "empty": """The text is empty.
Write it, or leave the key out where it may be missing.""",
    # references
    "duplicate-id": """Two concepts, or two skills, have the same id.
The first one found holds it. An id never changes once learners have practised it, so rename the newer one.""",
    "unknown-concept": """No concept has this id.
A concept's id is in the header of its file, TOPIC/NAME.md. A pack may refer to concepts of the built-in one.""",
    "unknown-source": """No source has this id.
A citation begins with the id of an entry of sources.yaml, then says the place: silberschatz-10 5.3.3.""",
    "unknown-claim": """No claim has this number.
The claims of the page stand in claims.yaml.""",
    "cycle": """Concepts require each other in a circle.
A learner could begin with none of them. Remove the requirement that is the least necessary.""",
    "unknown-link": """A link in a concept leads nowhere.
[words](id) and [[id]] point to a concept by its id; [words](https://…) to a page. Nothing else can be followed.""",
    "unknown-skill": """No skill has this id.
`first` in pack.yaml names the skill of the very first question, by its id.""",
    "same-name": """Two words of the glossary claim the same name.
A word, and each of its synonyms, leads to one entry: otherwise nobody knows which is meant. Case, hyphens and the
brackets that say whose a synonym is do not matter. Drop it from one of them.""",
    "unknown-simulator": """There is no simulator of this name.
`osdrill sim` lists them.""",
    "unknown-measure": """The simulator has no measure of this name.
`osdrill sim NAME --help` lists what can be asked.""",
    "unknown-mistake": """The simulator has no mistake of this id, or the skill does not list it.
`osdrill sim NAME --help` lists them. A convention belongs under conventions. A new mistake is a few lines of Python in
its simulator.""",
    "unknown-convention": """The simulator has no convention of this id.
`osdrill sim NAME --help` lists them. A mistake belongs under mistakes.""",
    "unknown-recipe": """The simulator has no recipe of this name.
`osdrill sim NAME --help` lists them, with their parameters.""",
    "unknown-evidence": """There is no evidence of this name.
Evidence draws the numbers of an incident so that they fit each other and the cause. The message lists
what there is.""",
    "unknown-field": """The text names a field that the scenario does not have.
{name} in a text is replaced by that field of the scenario. Where a brace is meant as such, write a space after it.""",
    "unfit-mistake": """The mistake is not one for this measure.
It cannot give an answer to what is asked. Ask another measure, or drop the mistake.""",
    "same-mistake": """The mistake is listed twice.
Remove one.""",
    "bad-argument": """What is asked does not fit the measure's arguments.
A measure with arguments is asked as `running-at t=3..9`; `osdrill sim NAME --help` says which it takes.""",
    "bad-range": """A range does not fit the field that it is for.
The simulator's limits hold for every value that can be drawn. The grammar of ranges is in docs/authoring.md:
5, 2..9, 2..10 step 2, fcfs | sjf, none, {count: 3..4, FIELD: RANGE}, {count: 8, each: 0..5}.""",
    "bad-test": """A test of the skill is not complete, or names what is not there.
A test has a seed and either `answer`, or `give` and `expect`: right, wrong, unreadable, or the id of a mistake.""",
    "unfit-key": """The key does not belong to this kind of answer, or to this form.
choice and choices have options; short has accept and wrong; order has items; parts has parts; free has
points. Of the forms, backward has hide, compare has compare, counterfactual has change, flaw has flaw; the others need
nothing.""",
    "unfit-form": """The form cannot ask this measure.
compare needs a number of which one direction is better; possible needs a set, or several sequences that are right.""",
    "shows-hidden": """The text shows what the question asks for.
A backward question hides a field, and compare asks which value is better: the text must not name it in braces.""",
    "right-options": """The options do not say which of them are right.
A choice has exactly one option with right: true, choices at least one.""",
    "same-option": """Two options are the same.
The learner could not tell which one is meant.""",
    "too-few": """There are too few options, items or answers.
A choice of one is none.""",
    # trials
    "cannot-draw": """No instance could be drawn.
Either the simulator refuses every draw (ranges that contradict each other), or no draw separates the mistakes from the
right answer. Widen the ranges, or drop a mistake.""",
    "not-repeatable": """The same name gave two different questions.
A question is named by skill, revision, level and seed, and must be the same for ever. A simulator or form that depends
on the order of a set, a clock or chance is the cause.""",
    "no-mistake-left": """No instance shows a mistake.
A question without a mistake to watch for can only say right or wrong. List mistakes that this measure knows, and
ranges in which they show.""",
    "hard-to-draw": """Most instances are drawn up to the limit of tries.
An instance is taken at once when every mistake shows and no two give the same answer. Where one of them cannot show at
a level, or too many are listed, all tries are spent on every question. Drop it, or change the ranges of that level.""",
    "slow-to-draw": """Drawing takes so long that a learner would notice.
A question should be drawn in a few milliseconds. What explores many states (threads, safe sequences) grows quickly:
make the instances smaller, or list fewer mistakes, each of which is another run.""",
    "never-shown": """A mistake of the skill shows in no instance.
Its answer is always the right one, or it never has one, so it diagnoses nothing. Widen the ranges until it shows, or
drop it.""",
    "uneven-effort": """The instances of a level differ more than fourfold in effort.
Effort is counted in steps of the trace, or of the worked solution where that is shorter; the twentieth at either end is
left out. Who fails the longest may have had bad luck, not a gap: narrow the ranges, or make two levels of it.""",
    "unseen-point": """A key point of a free answer is not found in its own text.
Its terms are the words by which an answer is seen to speak of it, so at least one of them stands in the point itself.
Add the words of the point, or synonyms of them, to terms.""",
    "never-apart": """Two mistakes give the same answer in every instance.
Whoever makes one of them cannot be told which. Let vary what makes them differ (if all arrivals are 0, `turnaround for
waiting` and `completion for waiting` are the same), or drop one.""",
    "right-refused": """A right answer is refused.
One of the forms in which people write it is not read, or is judged wrong. This is a fault of the answer kind.""",
    "mistake-right": """A mistake's answer is judged right.
It lies within the tolerance of the right answer, or the measure accepts several values.""",
    "mistake-unread": """A mistake's answer cannot be typed.
It has another form than the answer (a name that is not there, another number of elements), so nobody can give it.""",
    "mistake-unnamed": """A mistake's answer is judged wrong, but the mistake is not named.
The written form of the answer does not read back to itself. This is a fault of the answer kind.""",
    "nonsense-read": """Nonsense is taken for an answer.
What cannot be an answer to this question must be asked again, and cost nothing. This is a fault of the answer kind.""",
    "too-wide": """Something does not fit 40 columns.
A word without a break, or a drawing, is wider than a narrow terminal. Shorten it, or draw smaller values.""",
    "guessable": """One answer is right too often.
With n possible answers none may be right in more than the greater of 40 % and 1.2/n of the instances. Vary what
decides the answer.""",
    "two-valued": """Only two answers are possible.
Whoever tosses a coin is right every other time, and a wrong answer says nothing on why. Ask for the reason or for a
witness: a safe order, and not whether the state is safe; the cycle, and not whether there is a deadlock.""",
    "slip-misread": """Careless slips are often taken for a mistake.
An entry that is off by one or two gives a mistake's answer in more than 5 % of cases. Ask for more (a vector instead
of a number), or let the mistakes' answers lie further apart.""",
    "test-failed": """A test of the skill does not hold.
Either the test is wrong, or a change to ranges, mistakes or simulator changed the question: then raise `revision`.""",
}
