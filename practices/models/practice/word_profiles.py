"""What nearness reads of the words of a practice: see experiences/models/word_profiles.py."""

from experiences.models.word_profiles import Posting, WordProfile


class PracticePosting(Posting):
    pass


class PracticeProfile(WordProfile):
    """Of what readers see of a practice."""

    Posting = PracticePosting

    @classmethod
    def of(cls, row):
        stakes = [stake.pk for stake in row.stakes.all()]
        return cls.made(row.pk, row.current_id, row.words.language, row.search_texts(), stakes)
