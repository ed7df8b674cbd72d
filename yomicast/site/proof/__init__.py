"""The proof sheet (読み校正シート): how every line will be read, to be looked over before any sound is made."""

from yomicast.site.proof.page import proof_sheet
from yomicast.site.proof.server import Correction, ProofServer, Saved
from yomicast.site.proof.view import LABELS, WHY, Risk, Row, risks, rows

__all__ = ["LABELS", "WHY", "Correction", "ProofServer", "Risk", "Row", "Saved", "proof_sheet", "risks", "rows"]
