"""All models of the app; the tasks of the reviews live with their rules in `articles.review`."""

from ..review.models import (
    ChecklistQuestion,
    Deputation,
    ReadyTask,
    ReturnKind,
    ReviewTask,
    ReviewTaskState,
)
from .desk import Priority, ReviewLook, ReviewPlan
from .intake import Contribution, ContributionFile, ContributionStatus, Topic, TopicStatus
from .pages import (
    ArticlePage,
    ArticleTag,
    ColumnPage,
    HomePage,
    Kind,
    Origin,
    SourceCitation,
)
from .publishing import (
    CorrectionNote,
    CorrectionStatus,
    PublishFailure,
    UrgentRelease,
    UrgentStatus,
    WeChatAction,
    Withdrawal,
    WithdrawalKind,
)
from .reading import ReadingLink, ReadingOpening, ReadingOpinion

__all__ = [
    "ArticlePage",
    "ArticleTag",
    "ChecklistQuestion",
    "ColumnPage",
    "Contribution",
    "ContributionFile",
    "ContributionStatus",
    "CorrectionNote",
    "CorrectionStatus",
    "Deputation",
    "HomePage",
    "Kind",
    "Origin",
    "Priority",
    "PublishFailure",
    "ReadingLink",
    "ReadingOpening",
    "ReadingOpinion",
    "ReadyTask",
    "ReturnKind",
    "ReviewLook",
    "ReviewPlan",
    "ReviewTask",
    "ReviewTaskState",
    "SourceCitation",
    "Topic",
    "TopicStatus",
    "UrgentRelease",
    "UrgentStatus",
    "WeChatAction",
    "Withdrawal",
    "WithdrawalKind",
]
