"""The statements that more than one place needs."""

from trainer.store.rows import CARD, EVENT, FACTS, SHOWN, columns

REVIEW = f"{columns(FACTS, 'reviews')}, {columns(SHOWN, 'shown')} FROM reviews JOIN shown USING (n)"
LIVE = "reviews.id NOT IN (SELECT review FROM events WHERE review IS NOT NULL)"
SINCE_RESET = (
    "reviews.ord > ifnull((SELECT max(ord) FROM events WHERE events.skill = reviews.skill AND kind = 'reset'), -1)"
)
INSERT_FACTS = f"INSERT INTO reviews ({columns(FACTS)}, digest) VALUES ({', '.join('?' * (len(FACTS) + 1))})"
INSERT_SHOWN = f"INSERT INTO shown (n, {columns(SHOWN)}) VALUES ({', '.join('?' * (len(SHOWN) + 1))})"
INSERT_EVENT = f"INSERT INTO events ({columns(EVENT)}, digest) VALUES ({', '.join('?' * (len(EVENT) + 1))})"
PUT_CARD = f"INSERT OR REPLACE INTO cards ({columns(CARD)}) VALUES ({', '.join('?' * len(CARD))})"
DUE = "(due <= :day OR again_today = :day OR last > :day)"  # last in the future: the clock was wrong then
