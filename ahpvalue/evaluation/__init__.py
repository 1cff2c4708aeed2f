"""From scores to decisions: tiers, core customers, movements, reasons, and the record of them."""
