"""Tell people how a build went: by a command, by e-mail, or by a service such as Telegram."""

from cakra_analysis.notices.send import send_notices
from cakra_analysis.notices.table import Mail, Notices, read_notices

__all__ = ["Mail", "Notices", "read_notices", "send_notices"]
