"""Every word of the protocol as a pydantic model; OpenAPI and the pages' TypeScript are made from these."""
