"""Invented articles for the tests of the pipeline."""

HARBOUR = (
    "LISBON - The harbour will be closed for a week, the mayor said on Monday. "
    "Maria Fontes, the mayor of the town, told reporters that the cranes had to be checked. "
    "“We will not open the harbour before every crane has been tested,” Fontes said. "
    "“Nobody should lose a day's pay because of it,” she added. "
    "The union's spokesman Paulo Reis called the decision late. "
    "“They knew about the cranes in spring,” Reis said. The port handles a third of the country's grain. "
    "Work on the northern pier is to begin in the autumn, and the ferries will leave from the old quay until then."
)

ORCHARD = (
    "The apple harvest is the smallest in ten years, growers said. "
    "“The frost in April took half of the blossom,” said Ilse Brandt, who runs an orchard near the river. "
    "Prices have already gone up by a fifth at the market. “People will buy pears instead,” Brandt said. "
    "The ministry is to decide next week whether growers get help, and how much of it. "
    "An insurance against frost exists, but hardly anybody has taken it out because of what it costs."
)
