"""Several processes on one port: started, watched and replaced, and their metrics added up.

Stands alone: what a worker serves is not known here.
"""

from __future__ import annotations
