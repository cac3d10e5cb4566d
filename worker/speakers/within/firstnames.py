"""Common first names of women and of men: evidence for "he" or "she" if the article has no stronger evidence."""

from worker.speakers.within.wordlists import word_set

WOMEN = word_set(
    """
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley
    kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen
    amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet
    catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith
    megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail
    alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany
    charlotte marie kayla hillary ivanka melania carly nikki kellyanne claire jill theresa angela ursula federica
    marine susanna yvonne louise fiona zoe chloe fatima aisha maryam leila loretta condoleezza huma valerie
    """
)
MEN = word_set(
    """
    james robert john michael david william richard joseph thomas christopher charles daniel matthew anthony
    mark donald
    steven andrew paul joshua kenneth kevin brian george timothy ronald jason edward jeffrey ryan jacob gary nicholas
    eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond
    jack dennis
    jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter christian keith roger
    terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan
    alan juan
    albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip eugene barack ted marco jeb
    bernie mike tim ben rand chris mitch harry sergey sergei vladimir dmitry mikhail ivan boris hassan mohammad
    mohammed
    muhammad ali hossein hussein ebrahim javad reza ahmad ahmed mahmoud abdullah benjamin emmanuel olaf jens antonio
    luigi carlos pedro luis jorge bill bob jim tom dan ken ron steve greg jeff matt nick rob rick newt rudy enrique
    """
)
