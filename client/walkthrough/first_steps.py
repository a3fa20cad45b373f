"""First steps with Relive. Put the cursor where a comment says, and press the key it names.

Nothing has run so far: opening a file never runs anything. (Mac: Alt is Option.)
"""

# 1. A value. Cursor on the next line, Alt+Enter.
prices = [3.2, 4.1, 0.0, 8.5]

# 2. Line after line. Ctrl+Alt+Enter on the next line, and twice more.
total = sum(prices)
average = total / len(prices)
round(average, 2)


# 3. A method that changes while its objects live. Alt+Enter on the two lines below the class. Then
#    write 0.9 * sum(self.prices) in the method, and press Shift+Alt+Enter in it: the same basket
#    costs less now.
class Basket:
    def __init__(self, prices):
        self.prices = prices

    def cost(self):
        return sum(self.prices)


basket = Basket(prices)
basket.cost()

# 4. Back again. Alt+Enter on the next line as often as you like. Then Ctrl+K G, Undo Last
#    Evaluation: the last price was never there.
prices.append(99.0)


# 5. An error that waits to be mended. Alt+Enter on the last line: it fails at the third price, and
#    is held there. Divide by max(price, 1) instead. Then Ctrl+K G and Enter: the loop goes on where
#    it was.
def shares(prices):
    found = []
    for price in prices:
        found.append(round(10 / price, 1))
    return found


shares(prices)

# 6. Something endless. Alt+Enter on the next line, then Ctrl+K G and Enter: the process and all
#    its names stay.
while True:
    total += 1
