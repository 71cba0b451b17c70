"""What nearness reads of the words of a practice: see experiences/models/word_profiles.py."""

from experiences.models.word_profiles import Posting, WordProfile


class PracticePosting(Posting):
    pass


class PracticeProfile(WordProfile):
    """Of what readers see of a practice."""

    Posting = PracticePosting
