"""The pages of requesters and approvers, and the way in: sign-in, second factor, and the demo's persons."""
