"""What an owner lets others see: links that can be revoked and run out, and a badge for a proven domain."""
