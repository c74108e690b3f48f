"""Facts that partners publishes. Ids stand in `subject`, codes and dates in the payload; never a name or e-mail.

`caisse` is the tenant where the change was made: for an assignment, the caisse it opens.
"""

from typing import Literal

from pydantic import Field
