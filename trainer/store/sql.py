"""The statements that more than one place needs."""

from trainer.store.rows import CARD, EVENT, FACTS, SHOWN, columns, review_columns

REVIEW = f"{review_columns()} FROM reviews JOIN shown USING (n)"
# by n, which every index holds: by id each row would have to be looked up
LIVE = (
    "reviews.n NOT IN (SELECT undone.n FROM events JOIN reviews AS undone ON undone.id = events.review "
    "WHERE events.review IS NOT NULL)"
)
SINCE_RESET = (
    "reviews.ord > ifnull((SELECT max(ord) FROM events WHERE events.skill = reviews.skill AND kind = 'reset'), -1)"
)
INSERT_FACTS = f"INSERT INTO reviews ({columns(FACTS)}, digest) VALUES ({', '.join('?' * (len(FACTS) + 1))})"
INSERT_SHOWN = f"INSERT INTO shown (n, {columns(SHOWN)}) VALUES ({', '.join('?' * (len(SHOWN) + 1))})"
INSERT_EVENT = f"INSERT INTO events ({columns(EVENT)}, digest) VALUES ({', '.join('?' * (len(EVENT) + 1))})"
PUT_CARD = f"INSERT OR REPLACE INTO cards ({columns(CARD)}) VALUES ({', '.join('?' * len(CARD))})"
DUE = "(due <= :day OR again_today = :day OR last > :day)"  # last in the future: the clock was wrong then
TALLIES = (
    "SELECT day, topic, kind, outcome, count(*), sum(min(taken_ms, :most_ms)) FROM reviews "
    f"WHERE {LIVE} GROUP BY day, topic, kind, outcome ORDER BY day, topic, kind, outcome"
)
FORETOLD = (  # as the index reviews_foretold has it, to the letter
    "SELECT min(19, CAST(predicted * 20 AS INTEGER)), count(*), sum(grade > 1), sum(predicted) FROM reviews "
    f"WHERE counts AND predicted >= 0 AND kind <> 'self-marked' AND {LIVE} "
    "GROUP BY min(19, CAST(predicted * 20 AS INTEGER)) ORDER BY 1"
)
